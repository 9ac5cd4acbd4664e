package org.zlens.engine.hub;

import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What a server answered.
 *
 * @param from the address that answered, after all redirections
 * @param knowsToken whether it was shown the token
 */
record Answer(URI from, int status, HttpHeaders headers, Body body, boolean knowsToken)
    implements AutoCloseable {
  /** The value of a header, or an empty text. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  @Override
  public void close() {
    body.close();
  }
}
