package org.zlens.engine.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * Where the hub and the cache of it are, as the environment says in the variables of
 * huggingface_hub.
 *
 * @param endpoint the server, without a slash at its end
 * @param cache the folder of the cache
 * @param token shown to the server to get what is not for everybody; null for none
 * @param offline whether the network stays untouched
 */
public record HubSettings(
    URI endpoint, Path cache, String token, boolean offline, Patience patience) {
  private static final String PUBLIC = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
  private static final int LONGEST_TOKEN = 4096;

  /**
   * What an environment says.
   *
   * @param environment the value of a variable, or null
   * @param home the folder of the user
   */
  public static HubSettings of(UnaryOperator<String> environment, Path home) {
    UnaryOperator<String> said =
        name -> {
          String value = environment.apply(name);
          return value == null || value.isBlank() ? null : value.strip();
        };
    Path caches = path(said, "XDG_CACHE_HOME", home, home.resolve(".cache"));
    Path folder = path(said, "HF_HOME", home, caches.resolve("huggingface"));
    Path older = path(said, "HUGGINGFACE_HUB_CACHE", home, folder.resolve("hub"));
    return new HubSettings(
        endpoint(said.apply("HF_ENDPOINT")),
        path(said, "HF_HUB_CACHE", home, older),
        token(said, path(said, "HF_TOKEN_PATH", home, folder.resolve("token"))),
        is(said, "HF_HUB_OFFLINE") || is(said, "TRANSFORMERS_OFFLINE"),
        Patience.USUAL);
  }

  /** The same without the network. */
  public HubSettings withoutNetwork() {
    return new HubSettings(endpoint, cache, token, true, patience);
  }

  private static boolean is(UnaryOperator<String> said, String name) {
    String value = said.apply(name);
    return value != null && YES.contains(value.toUpperCase(Locale.ROOT));
  }

  private static Path path(UnaryOperator<String> said, String name, Path home, Path otherwise) {
    String value = said.apply(name);
    if (value == null) {
      return otherwise;
    }
    try {
      boolean ofUser = value.equals("~") || value.startsWith("~/");
      return ofUser ? home.resolve(value.substring(Math.min(2, value.length()))) : Path.of(value);
    } catch (InvalidPathException e) {
      throw new ZlensException(
          Kind.USAGE, name + " is no path: " + DataFault.quote(value), null, e);
    }
  }

  private static URI endpoint(String said) {
    String text = said == null ? PUBLIC : said.replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, as for addresses of another kind.
    }
    throw new ZlensException(
        Kind.USAGE,
        "HF_ENDPOINT is no address of a server: " + DataFault.quote(text),
        "one looks like " + PUBLIC);
  }

  private static String token(UnaryOperator<String> said, Path file) {
    String token = said.apply("HF_TOKEN");
    if (token == null) {
      token = said.apply("HUGGING_FACE_HUB_TOKEN");
    }
    if (token == null && !is(said, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      token = read(file);
    }
    if (token == null || token.isEmpty()) {
      return null;
    }
    // Not told what it is: an error message is no place for a secret.
    if (token.length() > LONGEST_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ZlensException(
          Kind.USAGE,
          "the token for the hub has characters that no token has",
          "set HF_TOKEN to one as https://huggingface.co/settings/tokens shows it");
    }
    return token;
  }

  private static String read(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_TOKEN) {
        return null;
      }
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw DataFault.of(file, e);
    }
  }

  /** Everything but the token, which is nobody's business. */
  @Override
  public String toString() {
    return endpoint + ", " + cache + (offline ? ", offline" : "");
  }
}
