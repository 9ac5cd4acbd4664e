package org.zlens.repl.output;

import java.io.IOException;
import java.io.Serial;

/** Whoever read the output, such as {@code head}, wants no more of it. */
public final class ReaderGoneException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ReaderGoneException(IOException cause) {
    super(cause);
  }
}
