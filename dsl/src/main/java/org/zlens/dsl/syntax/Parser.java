package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.syntax.Expression.AddressLiteral;
import org.zlens.dsl.syntax.Expression.Dotted;
import org.zlens.dsl.syntax.Expression.Function;
import org.zlens.dsl.syntax.Expression.ListLiteral;
import org.zlens.dsl.syntax.Expression.NumberLiteral;
import org.zlens.dsl.syntax.Expression.Occurrence;
import org.zlens.dsl.syntax.Expression.Range;
import org.zlens.dsl.syntax.Expression.Text;
import org.zlens.dsl.syntax.Expression.Truth;
import org.zlens.dsl.syntax.Expression.Unary;
import org.zlens.dsl.syntax.Expression.Variable;
import org.zlens.dsl.syntax.Expression.Word;

/**
 * The grammar, each production a method of the same name:
 *
 * <pre>
 * script      = { separator } [ statement { separator { separator } statement } ]
 * separator   = NEWLINE | ";"
 * statement   = let | pipeline
 * let         = "let" NAME "=" pipeline
 * pipeline    = stage { "|" call }      -- a line may end before or after "|", and after an operator
 * stage       = call | expression                  -- a call when it starts with a word
 * call        = VERB { argument }
 * argument    = expression                         -- the signature knows which words introduce what
 * expression  = disjunction
 * disjunction = conjunction { "or" conjunction }
 * conjunction = negation { "and" negation }
 * negation    = "not" negation | comparison
 * comparison  = range [ ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) range ]
 * range       = sum [ ".." sum ]
 * sum         = product { ( "+" | "-" ) product }
 * product     = factor { ( "*" | "/" | "%" ) factor }
 * factor      = "-" factor | primary
 * primary     = NUMBER | STRING [ "#" INT ] | WORD | DOTTED | ADDRESS | VARIABLE | "true" | "false"
 *             | function | list | "(" expression ")"
 * function    = WORD "(" [ expression { "," expression } ] ")"     -- no blank before "("
 * list        = "[" [ expression { "," expression } ] "]"
 * </pre>
 *
 * <p>Arguments stand side by side, so outside brackets a sign with a blank before it and none after
 * it starts a new argument: {@code steer L5.F3 -4} has two, {@code S2 - 1} and {@code S2-1} are
 * one.
 *
 * <p>It stops at the first error. Depth and length of expressions are bounded, so that no input
 * exhausts the stack of this or any later step.
 */
public final class Parser {
  private static final int DEPTH_LIMIT = 100;
  private static final int OPERATOR_LIMIT = 1000;

  private final SourceText source;
  private final List<Token> tokens;
  private int at;
  private int brackets;
  private int depth;
  private int operators;

  private Parser(SourceText source) {
    this.source = source;
    this.tokens =
        Lexer.lex(source.text()).stream().filter(t -> t.kind() != TokenKind.COMMENT).toList();
  }

  /** The script that a source holds. Throws {@link SyntaxException} at the first error. */
  public static Script parse(SourceText source) {
    return new Parser(source).script();
  }

  private Script script() {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      while (separator()) {
        at++;
      }
      if (peek().kind() == TokenKind.END) {
        return new Script(source, statements);
      }
      statements.add(statement());
      if (!separator() && peek().kind() != TokenKind.END) {
        throw unexpected("the end of the statement", "statements end at a line's end or at ';'");
      }
    }
  }

  private boolean separator() {
    return peek().kind() == TokenKind.NEWLINE || peek().kind() == TokenKind.SEMICOLON;
  }

  private Statement statement() {
    brackets = 0;
    depth = 0;
    operators = 0;
    Token first = peek();
    if (first.is(TokenKind.KEYWORD, Keyword.LET)) {
      return let();
    }
    if (first.is(TokenKind.KEYWORD, "for") || first.is(TokenKind.KEYWORD, "with")) {
      throw error(
          first.span(), "'" + first.value() + "' blocks are not part of this release", null);
    }
    return pipeline();
  }

  private Statement let() {
    Token let = next();
    Token name = next();
    if (name.kind() != TokenKind.WORD) {
      at--;
      throw unexpected("a name", "let best = L2.F417");
    }
    if (!peek().is(TokenKind.OPERATOR, "=")) {
      throw unexpected("'='", "let " + name.value() + " = ...");
    }
    at++;
    skipLines();
    Statement.Pipeline pipeline = pipeline();
    return new Statement.Let(let.span().to(pipeline.span()), name.span(), name.value(), pipeline);
  }

  private Statement.Pipeline pipeline() {
    List<Stage> stages = new ArrayList<>();
    stages.add(stage());
    while (piped()) {
      at++;
      skipLines();
      stages.add(call());
    }
    Span span = stages.get(0).span().to(stages.get(stages.size() - 1).span());
    return new Statement.Pipeline(span, stages);
  }

  /** Moves to a pipe that stands here or at the start of a following line. */
  private boolean piped() {
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

  private Stage stage() {
    if (peek().kind() == TokenKind.WORD && !functionAhead()) {
      return call();
    }
    if (peek().kind() == TokenKind.PIPE) {
      throw unexpected("a verb before it", "write '$_ | ...' to go on from the last result");
    }
    Expression expression = expression();
    return new Stage.Source(expression.span(), expression);
  }

  private Stage.Call call() {
    if (peek().kind() != TokenKind.WORD) {
      throw unexpected("a verb", "type 'help' for the verbs");
    }
    Token verb = next();
    if (peek().is(TokenKind.OPERATOR, "=")) {
      throw unexpected("an argument", "write 'let " + verb.value() + " = ...' to name a value");
    }
    List<Expression> arguments = new ArrayList<>();
    while (!callEnds()) {
      arguments.add(argument());
    }
    Span end = arguments.isEmpty() ? verb.span() : arguments.get(arguments.size() - 1).span();
    return new Stage.Call(verb.span().to(end), verb.span(), verb.value(), arguments);
  }

  private boolean callEnds() {
    return switch (peek().kind()) {
      case NEWLINE, SEMICOLON, END, PIPE -> true;
      default -> false;
    };
  }

  private Expression argument() {
    return expression();
  }

  private Expression expression() {
    if (++depth > DEPTH_LIMIT) {
      throw error(
          peek().span(), "brackets are nested deeper than " + DEPTH_LIMIT + " levels", null);
    }
    Expression expression = disjunction();
    depth--;
    return expression;
  }

  private Expression disjunction() {
    Expression left = conjunction();
    while (peek().is(TokenKind.KEYWORD, Keyword.OR)) {
      joint();
      left = binary(Operator.OR, left, conjunction());
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (peek().is(TokenKind.KEYWORD, Keyword.AND)) {
      joint();
      left = binary(Operator.AND, left, negation());
    }
    return left;
  }

  private Expression negation() {
    if (peek().is(TokenKind.KEYWORD, Keyword.NOT)) {
      Token not = next();
      countOperator(not);
      Expression operand = negation();
      return new Unary(not.span().to(operand.span()), Operator.NOT, operand);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression left = range();
    Operator operator = operatorHere();
    if (operator != null && operator.isComparison()) {
      joint();
      Expression right = range();
      left = binary(operator, left, right);
      operator = operatorHere();
      if (operator != null && operator.isComparison()) {
        throw error(
            peek().span(),
            "comparisons cannot be chained",
            "join them with 'and': 0 < x and x < 1");
      }
    }
    return left;
  }

  private Expression range() {
    Expression from = sum();
    if (peek().kind() == TokenKind.RANGE) {
      countOperator(next());
      Expression to = sum();
      return new Range(from.span().to(to.span()), from, to);
    }
    return from;
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      Operator operator = operatorHere();
      if (operator != Operator.PLUS && operator != Operator.MINUS || startsArgument()) {
        return left;
      }
      joint();
      left = binary(operator, left, product());
    }
  }

  /** Whether the sign here belongs to a new argument: blank before it, none after it. */
  private boolean startsArgument() {
    return brackets == 0 && peek().spaced() && !tokens.get(at + 1).spaced();
  }

  private Expression product() {
    Expression left = factor();
    while (true) {
      Operator operator = operatorHere();
      if (operator != Operator.TIMES
          && operator != Operator.DIVIDED_BY
          && operator != Operator.MODULO) {
        return left;
      }
      joint();
      left = binary(operator, left, factor());
    }
  }

  private Expression factor() {
    if (peek().is(TokenKind.OPERATOR, "-")) {
      Token minus = next();
      countOperator(minus);
      Expression operand = factor();
      return new Unary(minus.span().to(operand.span()), Operator.NEGATE, operand);
    }
    return primary();
  }

  private Expression primary() {
    Token token = peek();
    Span span = token.span();
    switch (token.kind()) {
      case NUMBER:
        at++;
        return new NumberLiteral(span, token.value());
      case STRING:
        at++;
        return occurrence(token);
      case WORD:
        if (functionAhead()) {
          return function();
        }
        at++;
        return new Word(span, token.value(), false);
      case QUOTED_WORD:
        at++;
        return new Word(span, token.value(), true);
      case DOTTED:
        at++;
        return new Dotted(span, token.value());
      case ADDRESS:
        at++;
        return address(token);
      case VARIABLE:
        at++;
        return new Variable(span, token.value());
      case KEYWORD:
        if (token.value().equals(Keyword.TRUE) || token.value().equals(Keyword.FALSE)) {
          at++;
          return new Truth(span, token.value().equals(Keyword.TRUE));
        }
        throw unexpected("a value", "'" + token.value() + "' is a reserved word");
      case LEFT_PARENTHESIS:
        return parenthesised();
      case LEFT_BRACKET:
        return list();
      default:
        throw unexpected("a value", null);
    }
  }

  private Expression occurrence(Token string) {
    Token number = peek();
    if (number.kind() != TokenKind.OCCURRENCE) {
      return new Text(string.span(), string.value());
    }
    at++;
    int count;
    try {
      count = Integer.parseInt(number.value());
    } catch (NumberFormatException e) {
      throw error(number.span(), "no text has so many occurrences", null);
    }
    if (count == 0) {
      throw error(number.span(), "occurrences count from 1", null);
    }
    return new Occurrence(string.span().to(number.span()), string.value(), count);
  }

  private Expression address(Token token) {
    try {
      return new AddressLiteral(token.span(), Address.parse(token.value()));
    } catch (NumberFormatException e) {
      throw error(token.span(), "no model has an index as large as this", null);
    }
  }

  private boolean functionAhead() {
    Token after = tokens.get(at + 1);
    return after.kind() == TokenKind.LEFT_PARENTHESIS && !after.spaced();
  }

  private Expression function() {
    Token name = next();
    Token open = next();
    List<Expression> operands = elements(open, TokenKind.RIGHT_PARENTHESIS, "')'");
    Token close = tokens.get(at - 1);
    return new Function(name.span().to(close.span()), name.value(), operands);
  }

  private Expression list() {
    Token open = next();
    List<Expression> elements = elements(open, TokenKind.RIGHT_BRACKET, "']'");
    return new ListLiteral(open.span().to(tokens.get(at - 1).span()), elements);
  }

  private List<Expression> elements(Token open, TokenKind close, String closeText) {
    List<Expression> elements = new ArrayList<>();
    brackets++;
    while (peek().kind() != close) {
      if (!elements.isEmpty()) {
        if (peek().kind() != TokenKind.COMMA) {
          throw unexpected("',' or " + closeText, opened(open));
        }
        at++;
      }
      elements.add(expression());
    }
    at++;
    brackets--;
    return elements;
  }

  private Expression parenthesised() {
    Token open = next();
    brackets++;
    Expression inside = expression();
    if (peek().kind() != TokenKind.RIGHT_PARENTHESIS) {
      throw unexpected("')'", opened(open));
    }
    at++;
    brackets--;
    return inside;
  }

  private String opened(Token open) {
    int start = open.span().start();
    return "the bracket was opened at " + source.line(start) + ":" + source.column(start);
  }

  private Expression binary(Operator operator, Expression left, Expression right) {
    return new Expression.Binary(left.span().to(right.span()), operator, left, right);
  }

  private void countOperator(Token near) {
    if (++operators > OPERATOR_LIMIT) {
      throw error(near.span(), "a statement has more than " + OPERATOR_LIMIT + " operators", null);
    }
  }

  private Operator operatorHere() {
    return peek().kind() == TokenKind.OPERATOR ? Operator.binary(peek().value()) : null;
  }

  private Token peek() {
    while (brackets > 0 && tokens.get(at).kind() == TokenKind.NEWLINE) {
      at++;
    }
    return tokens.get(at);
  }

  private Token next() {
    Token token = peek();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Takes an operator; the statement goes on in the next line when one ends with it. */
  private void joint() {
    countOperator(next());
    skipLines();
  }

  private void skipLines() {
    while (tokens.get(at).kind() == TokenKind.NEWLINE) {
      at++;
    }
  }

  private SyntaxException unexpected(String wanted, String hint) {
    Token token = peek();
    if (token.kind() == TokenKind.BAD) {
      return error(token.span(), token.value(), null);
    }
    String found =
        switch (token.kind()) {
          case END -> "the end of the text";
          case NEWLINE -> "the end of the line";
          default -> Quoted.of(source.slice(token.span()));
        };
    boolean open = brackets > 0 || afterJoint();
    return new SyntaxException(
        token.span(),
        "expected " + wanted + ", found " + found,
        hint,
        token.kind() == TokenKind.END && open);
  }

  /** Whether a pipe or an operator waits for what follows. */
  private boolean afterJoint() {
    int before = at - 1;
    while (before >= 0 && tokens.get(before).kind() == TokenKind.NEWLINE) {
      before--;
    }
    if (before < 0) {
      return false;
    }
    Token token = tokens.get(before);
    return token.kind() == TokenKind.PIPE
        || token.kind() == TokenKind.OPERATOR
        || token.is(TokenKind.KEYWORD, Keyword.AND)
        || token.is(TokenKind.KEYWORD, Keyword.OR);
  }

  private static SyntaxException error(Span span, String message, String hint) {
    return new SyntaxException(span, message, hint, false);
  }
}
