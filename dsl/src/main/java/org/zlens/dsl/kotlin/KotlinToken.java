package org.zlens.dsl.kotlin;

import org.zlens.dsl.syntax.Span;

/**
 * A piece of Kotlin text.
 *
 * @param open whether the text ends before the piece does, as a comment or a raw text can
 */
public record KotlinToken(Kind kind, Span span, String text, boolean open) {
  /** The kinds of pieces. */
  public enum Kind {
    NAME,
    KEYWORD,
    NUMBER,
    /** A text without {@code $} parts. */
    STRING,
    /** A text with {@code $} parts. */
    TEMPLATE,
    CHARACTER,
    COMMENT,
    SYMBOL
  }

  /** Whether it is this symbol. */
  public boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }
}
