package org.zlens.engine.hub;

import java.io.IOException;
import java.io.Serial;

/** A server that sends a file whole or not at all. */
final class RangeRefusedException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  RangeRefusedException(int status) {
    super("the server sends no part of the file, but answered " + status);
  }
}
