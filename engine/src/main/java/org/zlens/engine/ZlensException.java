package org.zlens.engine;

import java.io.Serial;

/**
 * A failure that the user can act on: what went wrong, of which kind, and what to do about it.
 *
 * <p>The kind decides the exit code of a script; only {@link Kind#BUG} is shown with a stack trace.
 */
public final class ZlensException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Kinds of failure with the exit code of each. */
  public enum Kind {
    RUNTIME(1),
    USAGE(2),
    SYNTAX(65),
    NAME(65),
    TYPE(65),
    DATA(66),
    BUG(70),
    INTERRUPTED(130);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final String hint;

  /** A failure with a message (lower-case start, no full stop) and a hint, which may be null. */
  public ZlensException(Kind kind, String message, String hint) {
    super(message);
    this.kind = kind;
    this.hint = hint;
  }

  /** A failure that was caused by another. */
  public ZlensException(Kind kind, String message, String hint, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.hint = hint;
  }

  public Kind kind() {
    return kind;
  }

  /** What to do about it, or null. */
  public String hint() {
    return hint;
  }
}
