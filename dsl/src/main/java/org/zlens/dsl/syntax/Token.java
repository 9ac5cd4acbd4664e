package org.zlens.dsl.syntax;

/**
 * One token of a source.
 *
 * @param value the text that the token stands for: a string without quotes and escapes, an
 *     operator's sign, the reason why a {@link TokenKind#BAD} token is none
 * @param spaced whether blank space or the start of the text stands before it
 */
public record Token(TokenKind kind, Span span, String value, boolean spaced) {
  /** The same, so many characters further on. */
  Token moved(int by) {
    return new Token(kind, new Span(span.start() + by, span.end() + by), value, spaced);
  }

  /** Whether this is the given keyword or operator. */
  public boolean is(TokenKind wanted, String text) {
    return kind == wanted && value.equals(text);
  }
}
