package org.zlens.dsl.syntax;

import java.io.Serial;

/** The first thing in a source that does not follow the grammar. */
public final class SyntaxException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Span span;
  private final String hint;
  private final boolean incomplete;

  SyntaxException(Span span, String message, String hint, boolean incomplete) {
    super(message);
    this.span = span;
    this.hint = hint;
    this.incomplete = incomplete;
  }

  public Span span() {
    return span;
  }

  /** What to do about it, or null. */
  public String hint() {
    return hint;
  }

  /** Whether more lines could still make a script of it: a bracket or a pipeline is open. */
  public boolean incomplete() {
    return incomplete;
  }
}
