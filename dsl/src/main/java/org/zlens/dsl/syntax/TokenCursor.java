package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;

/** A place among the tokens of a source, comments left out; in brackets, lines do not end. */
final class TokenCursor {
  private final SourceText source;
  private final List<Token> tokens;
  private int at;
  private int brackets;
  private int blocks;

  TokenCursor(SourceText source) {
    this(source, Lexer.lex(source.text()));
  }

  /** A cursor in a part of a source. */
  TokenCursor(SourceText source, List<Token> tokens) {
    this.source = source;
    this.tokens = new ArrayList<>(tokens.size());
    for (Token token : tokens) {
      if (token.kind() != TokenKind.COMMENT) {
        this.tokens.add(token);
      }
    }
  }

  Token peek() {
    while (brackets > 0 && tokens.get(at).kind() == TokenKind.NEWLINE) {
      at++;
    }
    return tokens.get(at);
  }

  boolean isAt(TokenKind kind) {
    return peek().kind() == kind;
  }

  boolean isAtKeyword(String word) {
    return peek().is(TokenKind.KEYWORD, word);
  }

  boolean isAtOperator(String sign) {
    return peek().is(TokenKind.OPERATOR, sign);
  }

  /** Takes a token; the last one, the end, stays. */
  Token next() {
    Token token = peek();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  Token previous() {
    return tokens.get(at - 1);
  }

  /** Takes a bracket that opens. */
  Token open() {
    Token bracket = next();
    brackets++;
    return bracket;
  }

  /** Takes the bracket that closes the innermost one. */
  void close() {
    next();
    brackets--;
  }

  /** Takes the brace that opens a block. */
  void openBlock() {
    next();
    blocks++;
  }

  /** Takes the brace that closes the innermost block. */
  Token closeBlock() {
    blocks--;
    return next();
  }

  void skipLines() {
    while (tokens.get(at).kind() == TokenKind.NEWLINE) {
      at++;
    }
  }

  /** Moves to a pipe that stands here or at the start of a following line. */
  boolean moveToPipe() {
    int ahead = at;
    while (tokens.get(ahead).kind() == TokenKind.NEWLINE) {
      ahead++;
    }
    if (tokens.get(ahead).kind() == TokenKind.PIPE) {
      at = ahead;
      return true;
    }
    return false;
  }

  /** Whether the word here has a bracket right after it. */
  boolean isAtFunction() {
    if (!isAt(TokenKind.WORD)) {
      return false;
    }
    Token after = tokens.get(at + 1);
    return after.kind() == TokenKind.LEFT_PARENTHESIS && !after.spaced();
  }

  /** Whether a word stands here that can compare two operands. */
  boolean isAtComparingWord() {
    return isAt(TokenKind.WORD) && !isAtFunction() && Operator.compares(peek().value());
  }

  /** Whether such a word stands here and an operand follows it. */
  boolean isAtComparison() {
    return isAtComparingWord()
        && switch (tokens.get(at + 1).kind()) {
          case STRING,
              INTERPOLATED,
              WORD,
              QUOTED_WORD,
              DOTTED,
              ADDRESS,
              VARIABLE,
              NUMBER,
              LEFT_BRACKET,
              LEFT_PARENTHESIS ->
              true;
          default -> false;
        };
  }

  /** Whether the word here is the first operand of an expression, and so no verb. */
  boolean isAtOperand() {
    if (!isAt(TokenKind.WORD) || isAtFunction()) {
      return isAtFunction();
    }
    Token after = tokens.get(at + 1);
    boolean operator = after.kind() == TokenKind.OPERATOR && !after.value().equals("=");
    return after.kind() == TokenKind.RANGE || operator && !startsArgument(at + 1);
  }

  /** Whether the sign here belongs to a new argument: blank before it, none after it. */
  boolean startsArgument() {
    peek();
    return startsArgument(at);
  }

  private boolean startsArgument(int sign) {
    return brackets == 0 && tokens.get(sign).spaced() && !tokens.get(sign + 1).spaced();
  }

  /** The error that something else was expected here. */
  SyntaxException unexpected(String wanted, String hint) {
    Token token = peek();
    if (token.kind() == TokenKind.BAD) {
      return error(token.span(), token.value(), null);
    }
    int at = token.span().start();
    boolean atEnd = at == source.text().length();
    String found =
        switch (token.kind()) {
          // A hole in a string ends within the text.
          case END -> atEnd ? "the end of the text" : "'" + source.text().charAt(at) + "'";
          case NEWLINE -> "the end of the line";
          default -> Quoted.of(source.slice(token.span()));
        };
    boolean incomplete =
        token.kind() == TokenKind.END && atEnd && (brackets > 0 || blocks > 0 || isAfterJoint());
    return new SyntaxException(
        token.span(), "expected " + wanted + ", found " + found, hint, incomplete);
  }

  /** The error that a bracket is not closed where it should be. */
  SyntaxException unclosed(Token open, String wanted) {
    int start = open.span().start();
    return unexpected(
        wanted, "the bracket was opened at " + source.line(start) + ":" + source.column(start));
  }

  static SyntaxException error(Span span, String message, String hint) {
    return new SyntaxException(span, message, hint, false);
  }

  /** Whether a pipe, a comma or an operator waits for what follows. */
  private boolean isAfterJoint() {
    int before = at - 1;
    while (before >= 0 && tokens.get(before).kind() == TokenKind.NEWLINE) {
      before--;
    }
    if (before < 0) {
      return false;
    }
    Token token = tokens.get(before);
    return token.kind() == TokenKind.PIPE
        || token.kind() == TokenKind.COMMA
        || token.is(TokenKind.KEYWORD, Keyword.WITH)
        || token.kind() == TokenKind.OPERATOR
        || token.kind() == TokenKind.COMMA
        || token.is(TokenKind.KEYWORD, Keyword.AND)
        || token.is(TokenKind.KEYWORD, Keyword.OR);
  }
}
