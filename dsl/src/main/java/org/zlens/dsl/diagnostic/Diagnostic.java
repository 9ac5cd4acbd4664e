package org.zlens.dsl.diagnostic;

import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * A failure as the user sees it: what went wrong, where in which source, and what to do about it.
 *
 * @param source the text that the span lies in, or null when there is no place to show
 * @param span null exactly when {@code source} is
 * @param hint what to do about it, or null
 * @param cause what was thrown, or null; shown only for {@link Kind#BUG}
 */
public record Diagnostic(
    Kind kind, String message, SourceText source, Span span, String hint, Throwable cause) {
  public Diagnostic {
    if ((source == null) != (span == null)) {
      throw new IllegalArgumentException("a span needs its source");
    }
  }

  public static Diagnostic at(
      Kind kind, String message, SourceText source, Span span, String hint) {
    return new Diagnostic(kind, message, source, span, hint, null);
  }

  /** A failure that no text of the user's is to blame for. */
  public static Diagnostic nowhere(Kind kind, String message, String hint) {
    return new Diagnostic(kind, message, null, null, hint, null);
  }

  public static Diagnostic of(SyntaxException error, SourceText source) {
    return at(Kind.SYNTAX, error.getMessage(), source, error.span(), error.hint());
  }

  public static Diagnostic of(Fault fault, SourceText source) {
    return new Diagnostic(
        fault.kind(), fault.getMessage(), source, fault.span(), fault.hint(), fault);
  }

  /** An engine's failure, placed where the user asked for what failed. */
  public static Diagnostic of(ZlensException error, SourceText source, Span span) {
    return new Diagnostic(error.kind(), error.getMessage(), source, span, error.hint(), error);
  }

  public int exitCode() {
    return kind.exitCode();
  }
}
