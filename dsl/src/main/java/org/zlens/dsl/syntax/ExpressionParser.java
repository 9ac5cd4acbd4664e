package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.zlens.dsl.syntax.Expression.AddressLiteral;
import org.zlens.dsl.syntax.Expression.Dotted;
import org.zlens.dsl.syntax.Expression.Function;
import org.zlens.dsl.syntax.Expression.Interpolated;
import org.zlens.dsl.syntax.Expression.ListLiteral;
import org.zlens.dsl.syntax.Expression.NumberLiteral;
import org.zlens.dsl.syntax.Expression.Occurrence;
import org.zlens.dsl.syntax.Expression.Range;
import org.zlens.dsl.syntax.Expression.Text;
import org.zlens.dsl.syntax.Expression.Truth;
import org.zlens.dsl.syntax.Expression.Unary;
import org.zlens.dsl.syntax.Expression.Variable;
import org.zlens.dsl.syntax.Expression.Word;
import org.zlens.dsl.syntax.PieceScanner.Cut;

/**
 * The part of the grammar ({@link Parser}) that has values, each production a method of the same
 * name:
 *
 * <pre>
 * expression  = disjunction
 * disjunction = conjunction { "or" conjunction }
 * conjunction = negation { "and" negation }
 * negation    = "not" negation | comparison
 * comparison  = range [ ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "in" | "contains" | "matches" )
 *               range ]
 * range       = sum [ ".." sum ]
 * sum         = product { ( "+" | "-" ) product }
 * product     = factor { ( "*" | "/" | "%" ) factor }
 * factor      = "-" factor | primary
 * primary     = NUMBER | string [ "#" INT ] | WORD | DOTTED | ADDRESS | VARIABLE | "true" | "false"
 *             | function | list | "(" expression ")"
 * string      = STRING | "f" STRING                -- with f, { expression [ ":" FORMAT ] } are holes
 * function    = WORD "(" [ expression { "," expression } ] ")"     -- no blank before "("
 * list        = "[" [ expression { "," expression } ] "]"
 * </pre>
 *
 * <p>Arguments stand side by side, so outside brackets a sign with a blank before it and none after
 * it starts a new argument: {@code steer L5.F3 -4} has two, {@code S2 - 1} and {@code S2-1} are
 * one.
 */
final class ExpressionParser {
  private static final int OPERATOR_LIMIT = 1000;
  private static final Pattern FORMAT = Pattern.compile("\\+?\\.[0-9]{1,2}[efg%]");
  private static final String FORMAT_HINT =
      "formats are .3f, .3e, .3g and .1%, with + for the sign";

  private final SourceText source;
  private final TokenCursor cursor;
  private final Nesting nesting;
  private int operators;

  /** A parser of the expressions among some tokens. */
  ExpressionParser(SourceText source, TokenCursor cursor, Nesting nesting) {
    this.source = source;
    this.cursor = cursor;
    this.nesting = nesting;
  }

  /** Begins a statement, of whose operators none has been taken yet. */
  void beginStatement() {
    operators = 0;
  }

  /** The expression that begins here. */
  Expression expression() {
    nesting.enter(cursor.peek());
    Expression expression = disjunction();
    nesting.leave();
    return expression;
  }

  private Expression disjunction() {
    Expression left = conjunction();
    while (cursor.isAtKeyword(Keyword.OR)) {
      joint();
      left = binary(Operator.OR, left, conjunction());
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (cursor.isAtKeyword(Keyword.AND)) {
      joint();
      left = binary(Operator.AND, left, negation());
    }
    return left;
  }

  private Expression negation() {
    if (cursor.isAtKeyword(Keyword.NOT)) {
      Token not = operator();
      Expression operand = negation();
      return new Unary(not.span().to(operand.span()), Operator.NOT, operand);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression left = range();
    Operator sign = sign();
    if (sign == null || !sign.isComparison()) {
      return left;
    }
    joint();
    Expression whole = binary(sign, left, range());
    Operator second = sign();
    if (second != null && second.isComparison()) {
      throw TokenCursor.error(
          cursor.peek().span(),
          "comparisons cannot be chained",
          "join them with 'and': 0 < x and x < 1");
    }
    return whole;
  }

  private Expression range() {
    Expression from = sum();
    if (!cursor.isAt(TokenKind.RANGE)) {
      return from;
    }
    operator();
    Expression to = sum();
    return new Range(from.span().to(to.span()), from, to);
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      Operator sign = sign();
      if (sign != Operator.PLUS && sign != Operator.MINUS || cursor.startsArgument()) {
        return left;
      }
      joint();
      left = binary(sign, left, product());
    }
  }

  private Expression product() {
    Expression left = factor();
    while (true) {
      Operator sign = sign();
      if (sign != Operator.TIMES && sign != Operator.DIVIDED_BY && sign != Operator.MODULO) {
        return left;
      }
      joint();
      left = binary(sign, left, factor());
    }
  }

  private Expression factor() {
    if (cursor.isAtOperator("-")) {
      Token minus = operator();
      Expression operand = factor();
      return new Unary(minus.span().to(operand.span()), Operator.NEGATE, operand);
    }
    return primary();
  }

  private Expression primary() {
    if (cursor.isAtFunction()) {
      return function();
    }
    Token token = cursor.peek();
    Span span = token.span();
    switch (token.kind()) {
      case LEFT_PARENTHESIS:
        return parenthesised();
      case LEFT_BRACKET:
        return list();
      case KEYWORD:
        if (!token.value().equals(Keyword.TRUE) && !token.value().equals(Keyword.FALSE)) {
          throw cursor.unexpected("a value", "'" + token.value() + "' is a reserved word");
        }
        break;
      case NUMBER, STRING, INTERPOLATED, WORD, QUOTED_WORD, DOTTED, ADDRESS, VARIABLE:
        break;
      default:
        throw cursor.unexpected("a value", null);
    }
    cursor.next();
    return switch (token.kind()) {
      case NUMBER -> new NumberLiteral(span, token.value());
      case STRING -> occurrence(new Text(span, token.value()));
      case INTERPOLATED -> occurrence(interpolated(token));
      case WORD -> new Word(span, token.value(), false);
      case QUOTED_WORD -> new Word(span, token.value(), true);
      case DOTTED -> new Dotted(span, token.value());
      case ADDRESS -> address(token);
      case VARIABLE -> new Variable(span, token.value());
      default -> new Truth(span, token.value().equals(Keyword.TRUE));
    };
  }

  private Expression interpolated(Token string) {
    List<Piece> pieces = new ArrayList<>();
    for (Cut cut : PieceScanner.scan(source.text(), string.span().start() + 2).cuts()) {
      pieces.add(cut.isHole() ? hole(cut) : new Piece.Literal(cut.literal()));
    }
    return new Interpolated(string.span(), pieces);
  }

  private Piece hole(Cut cut) {
    String format = null;
    if (cut.colon() < cut.end()) {
      format = source.text().substring(cut.colon() + 1, cut.end());
      if (!FORMAT.matcher(format).matches()) {
        Span span = new Span(cut.colon() + 1, cut.end());
        throw TokenCursor.error(
            span, "expected a number format, found " + Quoted.of(format), FORMAT_HINT);
      }
    }
    TokenCursor tokens =
        new TokenCursor(source, Lexer.lex(source.text(), cut.start(), cut.colon()));
    Expression expression = new ExpressionParser(source, tokens, nesting).expression();
    if (!tokens.isAt(TokenKind.END)) {
      throw tokens.unexpected("'}'", null);
    }
    return new Piece.Hole(new Span(cut.start(), cut.end()), expression, format);
  }

  private Expression occurrence(Expression string) {
    if (!cursor.isAt(TokenKind.OCCURRENCE)) {
      return string;
    }
    Token number = cursor.next();
    int count;
    try {
      count = Integer.parseInt(number.value());
    } catch (NumberFormatException e) {
      throw TokenCursor.error(number.span(), "no text has so many occurrences", null);
    }
    if (count == 0) {
      throw TokenCursor.error(number.span(), "occurrences count from 1", null);
    }
    return new Occurrence(string.span().to(number.span()), string, count);
  }

  private static Expression address(Token token) {
    try {
      return new AddressLiteral(token.span(), Address.parse(token.value()));
    } catch (NumberFormatException e) {
      throw TokenCursor.error(token.span(), "no model has an index as large as this", null);
    }
  }

  private Expression function() {
    Token name = cursor.next();
    List<Expression> operands = elements(TokenKind.RIGHT_PARENTHESIS, "')'");
    Span span = name.span().to(cursor.previous().span());
    return new Function(span, name.value(), operands);
  }

  private Expression list() {
    Span open = cursor.peek().span();
    List<Expression> elements = elements(TokenKind.RIGHT_BRACKET, "']'");
    return new ListLiteral(open.to(cursor.previous().span()), elements);
  }

  private List<Expression> elements(TokenKind close, String closeText) {
    List<Expression> elements = new ArrayList<>();
    Token open = cursor.open();
    while (!cursor.isAt(close)) {
      if (!elements.isEmpty()) {
        if (!cursor.isAt(TokenKind.COMMA)) {
          throw cursor.unclosed(open, "',' or " + closeText);
        }
        cursor.next();
      }
      elements.add(expression());
    }
    cursor.close();
    return elements;
  }

  private Expression parenthesised() {
    Token open = cursor.open();
    Expression inside = expression();
    if (!cursor.isAt(TokenKind.RIGHT_PARENTHESIS)) {
      throw cursor.unclosed(open, "')'");
    }
    cursor.close();
    return inside;
  }

  private static Expression binary(Operator operator, Expression left, Expression right) {
    return new Expression.Binary(left.span().to(right.span()), operator, left, right);
  }

  /** The operator of two operands that stands here, or null. */
  private Operator sign() {
    return cursor.isAt(TokenKind.OPERATOR) || cursor.isAtComparison()
        ? Operator.binary(cursor.peek().value())
        : null;
  }

  private Token operator() {
    Token token = cursor.next();
    if (++operators > OPERATOR_LIMIT) {
      throw TokenCursor.error(
          token.span(), "a statement has more than " + OPERATOR_LIMIT + " operators", null);
    }
    return token;
  }

  /** Takes an operator; the statement goes on in the next line when one ends with it. */
  private void joint() {
    operator();
    cursor.skipLines();
  }
}
