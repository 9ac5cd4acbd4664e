package org.zlens.engine.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Asks servers, one question at a time or several from several threads.
 *
 * <p>Redirections are followed here and not by the client, which would show the token to whoever
 * they lead to.
 */
final class HubConnection {
  private static final int MOST_REDIRECTIONS = 10;
  private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
  private static final String UNRESERVED = "-._~";

  private final HubSettings settings;
  private final HttpClient client;

  HubConnection(HubSettings settings) {
    this.settings = settings;
    // Version 2 would put all ranges of a file through one connection.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new EnvironmentProxies(System::getenv))
            .connectTimeout(settings.patience().silence())
            .build();
  }

  HubSettings settings() {
    return settings;
  }

  /** Where the hub tells what is in a repository. */
  URI listing(Repository repository, String revision) {
    return URI.create(
        settings.endpoint()
            + "/api/models/"
            + repository
            + "/revision/"
            + encoded(revision, "")
            + "?blobs=true");
  }

  /** Where the hub gives a file. */
  URI file(Repository repository, String commit, String path) {
    return URI.create(
        settings.endpoint() + "/" + repository + "/resolve/" + commit + "/" + encoded(path, "/"));
  }

  private static String encoded(String text, String kept) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (plain || UNRESERVED.indexOf(c) >= 0 || kept.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }

  /**
   * Asks for an address and follows redirections; the caller closes the answer.
   *
   * @param range a value of the header of this name, or null for all
   */
  Answer get(URI uri, String range) throws IOException {
    URI at = uri;
    for (int i = 0; i <= MOST_REDIRECTIONS; i++) {
      Answer answer = ask(at, range);
      if (!REDIRECTIONS.contains(answer.status())) {
        return answer;
      }
      answer.close();
      at = target(at, answer.header("Location"));
    }
    throw new ZlensException(
        Kind.DATA,
        "the server at '" + uri.getHost() + "' leads from one address to the next without end",
        null);
  }

  private Answer ask(URI uri, String range) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(settings.patience().silence())
            .header("User-Agent", "zlens; java/" + Runtime.version().feature());
    boolean trusted = settings.token() != null && isEndpoint(uri);
    if (trusted) {
      request.header("Authorization", "Bearer " + settings.token());
    }
    if (range != null) {
      request.header("Range", range);
    }
    try {
      HttpResponse<Body> response =
          client.send(request.build(), info -> new Body(settings.patience().silence()));
      return new Answer(uri, response.statusCode(), response.headers(), response.body(), trusted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private boolean isEndpoint(URI uri) {
    URI own = settings.endpoint();
    return own.getScheme().equalsIgnoreCase(uri.getScheme())
        && own.getHost().equalsIgnoreCase(uri.getHost())
        && port(own) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static URI target(URI from, String location) {
    try {
      URI to = from.resolve(new URI(location));
      boolean secure = "https".equalsIgnoreCase(to.getScheme());
      boolean open =
          "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
      if (to.getHost() != null && !location.isEmpty() && (secure || open)) {
        return to;
      }
    } catch (URISyntaxException e) {
      // Told below, as for addresses of another kind.
    }
    throw new ZlensException(
        Kind.DATA,
        "the server at '" + from.getHost() + "' leads to where nothing is fetched from",
        "an address of https, or of http where the first one is, was expected");
  }
}
