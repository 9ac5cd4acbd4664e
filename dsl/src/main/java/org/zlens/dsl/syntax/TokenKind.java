package org.zlens.dsl.syntax;

/** What a token is, for the parser and for highlighting. */
public enum TokenKind {
  /** A plain word: a verb, a label, a name, a column. */
  WORD,
  /** A word between back quotes, for names with blanks or signs in them. */
  QUOTED_WORD,
  /** One of the few reserved words. */
  KEYWORD,
  /** Words joined by dots that are no address, such as {@code last.delta}. */
  DOTTED,
  /** An address in a model, such as {@code L5.F44256}. */
  ADDRESS,
  /** {@code $name} or {@code $_}, perhaps with fields. */
  VARIABLE,
  NUMBER,
  STRING,
  /** {@code f"...{name}..."}: a string that values are put into. */
  INTERPOLATED,
  /** {@code #2} directly after a string. */
  OCCURRENCE,
  /** {@code = == != < <= > >= + - * / %}. */
  OPERATOR,
  RANGE,
  PIPE,
  COMMA,
  LEFT_PARENTHESIS,
  RIGHT_PARENTHESIS,
  LEFT_BRACKET,
  RIGHT_BRACKET,
  LEFT_BRACE,
  RIGHT_BRACE,
  SEMICOLON,
  NEWLINE,
  COMMENT,
  /** Text that is no token; the token's value says why. */
  BAD,
  END;

  boolean isString() {
    return this == STRING || this == INTERPOLATED;
  }
}
