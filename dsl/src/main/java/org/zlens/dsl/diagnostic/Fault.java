package org.zlens.dsl.diagnostic;

import java.io.Serial;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/**
 * A failure at a place of the source being bound or run; which source, whoever catches it knows.
 */
public final class Fault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient Span span;
  private final String hint;
  private final boolean missing;

  /** A failure with a message (lower-case start, no full stop) and a hint, which may be null. */
  public Fault(Kind kind, Span span, String message, String hint) {
    this(kind, span, message, hint, false);
  }

  private Fault(Kind kind, Span span, String message, String hint, boolean missing) {
    super(message);
    this.kind = kind;
    this.span = span;
    this.hint = hint;
    this.missing = missing;
  }

  /** What stands there is right as far as it goes, and more is needed. */
  public static Fault missing(Span span, String message, String hint) {
    return new Fault(Kind.TYPE, span, message, hint, true);
  }

  public Kind kind() {
    return kind;
  }

  public Span span() {
    return span;
  }

  /** Whether writing on could mend it. */
  public boolean isMissing() {
    return missing;
  }

  /** What to do about it, or null. */
  public String hint() {
    return hint;
  }
}
