package org.zlens.repl.explore;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Who may come in: whoever knows the secret word of the address, from a page of this server alone.
 * The host is checked since a foreign name may be made to lead here, the origin since any page in
 * the browser may send requests.
 */
final class Gate {
  private static final int SECRET_BYTES = 24;

  private final String word;
  private final IntSupplier port;

  /**
   * A gate with a word of its own.
   *
   * @param port where the server listens, once it does
   */
  Gate(IntSupplier port) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    this.word = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    this.port = port;
  }

  /** What every path begins with, from one slash to the next. */
  String path() {
    return "/" + word + "/";
  }

  /** Refuses a request from elsewhere, and one that does not know the word. */
  void check(Context request) {
    List<String> hosts = List.of("127.0.0.1:" + port.getAsInt(), "localhost:" + port.getAsInt());
    String host = request.header("Host");
    if (host == null || !hosts.contains(host)) {
      throw new ForbiddenResponse("forbidden: wrong host");
    }
    String origin = request.header("Origin");
    boolean isOwn = origin != null && origin.equals("http://" + host);
    boolean needsOrigin = request.method() != HandlerType.GET;
    if (!isOwn && (origin != null || needsOrigin)) {
      throw new ForbiddenResponse("forbidden: wrong origin");
    }
    String[] parts = request.path().split("/", 3);
    if (parts.length < 3 || !isWord(parts[1])) {
      throw new ForbiddenResponse("forbidden: wrong address");
    }
  }

  /** Takes as long for a word that is nearly right as for any other. */
  private boolean isWord(String given) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), word.getBytes(StandardCharsets.UTF_8));
  }
}
