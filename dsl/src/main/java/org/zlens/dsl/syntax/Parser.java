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
 * The grammar, each production a method of the same name:
 *
 * <pre>
 * script      = statements
 * statements  = { separator } [ statement { separator { separator } statement } ] { separator }
 * separator   = NEWLINE | ";"
 * statement   = param | include | let | forEach | with | pipeline
 * param       = "param" NAME [ "=" expression ]    -- outside blocks, as is
 * include     = "include" expression
 * let         = "let" NAME "=" pipeline
 * forEach     = "for" NAME "in" expression "{" statements "}"
 * with        = "with" edit { "," edit } "{" statements "}"    -- a line may end after ","
 * edit        = pipeline                           -- of one call, that of a verb that can edit
 * pipeline    = stage { "|" call }      -- a line may end before or after "|", and after an operator
 * stage       = call | expression                  -- a call when a word begins it that no
 *                                                     operator follows
 * call        = VERB [ argument { [ "," ] argument } ]
 *             | "hook" { argument } "{" expression "}" { argument }    -- for "becomes" expression
 * argument    = "with" | expression                -- the signature knows which words introduce what
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
 *
 * <p>It stops at the first error. Depth and length of expressions are bounded, so that no input
 * exhausts the stack of this or any later step.
 */
public final class Parser {
  private static final int DEPTH_LIMIT = 100;
  private static final int OPERATOR_LIMIT = 1000;
  private static final Pattern FORMAT = Pattern.compile("\\+?\\.[0-9]{1,2}[efg%]");
  private static final String FORMAT_HINT =
      "formats are .3f, .3e, .3g and .1%, with + for the sign";
  private static final String FOR_HINT = "for x in [1, 2] { ... }";
  private static final String NAMED_SO = "a column of this name stands between back quotes";
  private static final String HOOK = "hook";
  private static final String BECOMES = "becomes";
  private static final String WITH_HINT = "with ablate feature L2.F417 at S2 { ... }";

  private final SourceText source;
  private final TokenCursor cursor;
  private int depth;
  private int operators;
  private boolean edits;

  private Parser(SourceText source, TokenCursor cursor, int depth) {
    this.source = source;
    this.cursor = cursor;
    this.depth = depth;
  }

  /** The script that a source holds. Throws {@link SyntaxException} at the first error. */
  public static Script parse(SourceText source) {
    return new Parser(source, new TokenCursor(source), 0).script();
  }

  private Script script() {
    return new Script(source, statements(TokenKind.END));
  }

  private List<Statement> statements(TokenKind end) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      while (separator()) {
        cursor.next();
      }
      if (cursor.isAt(end)) {
        return statements;
      }
      statements.add(statement());
      if (!separator() && !cursor.isAt(end)) {
        throw cursor.unexpected(
            "the end of the statement", "statements end at a line's end or at ';'");
      }
    }
  }

  private boolean separator() {
    return cursor.isAt(TokenKind.NEWLINE) || cursor.isAt(TokenKind.SEMICOLON);
  }

  private Statement statement() {
    operators = 0;
    if (cursor.isAtKeyword(Keyword.LET)) {
      return let();
    }
    if (cursor.isAtKeyword(Keyword.PARAM)) {
      return param();
    }
    if (cursor.isAtKeyword(Keyword.INCLUDE)) {
      return include();
    }
    if (cursor.isAtKeyword(Keyword.FOR)) {
      return forEach();
    }
    if (cursor.isAtKeyword(Keyword.WITH)) {
      return with();
    }
    return pipeline();
  }

  private Statement let() {
    Token let = cursor.next();
    if (!cursor.isAt(TokenKind.WORD)) {
      throw cursor.unexpected("a name", "let best = L2.F417");
    }
    Token name = cursor.next();
    if (!cursor.isAtOperator("=")) {
      throw cursor.unexpected("'='", "let " + name.value() + " = ...");
    }
    cursor.next();
    cursor.skipLines();
    Statement.Pipeline pipeline = pipeline();
    return new Statement.Let(let.span().to(pipeline.span()), name.span(), name.value(), pipeline);
  }

  private Statement param() {
    Token word = outside();
    if (!cursor.isAt(TokenKind.WORD)) {
      throw cursor.unexpected("a name", "param n = 100");
    }
    Token name = cursor.next();
    Expression initial = null;
    if (cursor.isAtOperator("=")) {
      cursor.next();
      initial = expression();
    }
    Span span = word.span().to(cursor.previous().span());
    return new Statement.Param(span, name.span(), name.value(), initial);
  }

  private Statement include() {
    Token word = outside();
    Expression file = expression();
    return new Statement.Include(word.span().to(file.span()), file);
  }

  /** Takes the first word of a statement that a block cannot hold. */
  private Token outside() {
    Token word = cursor.next();
    if (depth > 0) {
      throw TokenCursor.error(
          word.span(), "'" + word.value() + "' stands outside of blocks", "move it to the top");
    }
    return word;
  }

  private Statement forEach() {
    Token word = cursor.next();
    if (!cursor.isAt(TokenKind.WORD)) {
      throw cursor.unexpected("a name", FOR_HINT);
    }
    Token name = cursor.next();
    if (!cursor.peek().is(TokenKind.WORD, "in")) {
      throw cursor.unexpected("'in'", FOR_HINT);
    }
    cursor.next();
    Expression values = expression();
    if (!cursor.isAt(TokenKind.LEFT_BRACE)) {
      throw cursor.unexpected("'{'", FOR_HINT);
    }
    List<Statement> body = block();
    Span span = word.span().to(cursor.previous().span());
    return new Statement.For(span, name.span(), name.value(), values, body);
  }

  private Statement with() {
    Token word = cursor.next();
    List<Statement.Pipeline> held = new ArrayList<>();
    edits = true;
    held.add(edit());
    while (cursor.isAt(TokenKind.COMMA)) {
      cursor.next();
      cursor.skipLines();
      held.add(edit());
    }
    edits = false;
    if (!cursor.isAt(TokenKind.LEFT_BRACE)) {
      throw cursor.unexpected("'{' or ','", WITH_HINT);
    }
    List<Statement> body = block();
    return new Statement.With(word.span().to(cursor.previous().span()), held, body);
  }

  private Statement.Pipeline edit() {
    if (cursor.isAt(TokenKind.LEFT_BRACE)) {
      throw cursor.unexpected("an edit", WITH_HINT);
    }
    return pipeline();
  }

  /** The statements of a block, from its opening brace to the closing one. */
  private List<Statement> block() {
    deepen();
    cursor.openBlock();
    List<Statement> body = statements(TokenKind.RIGHT_BRACE);
    cursor.closeBlock();
    depth--;
    return body;
  }

  private Statement.Pipeline pipeline() {
    Span start = cursor.peek().span();
    List<Stage> stages = new ArrayList<>();
    stages.add(stage());
    while (cursor.moveToPipe()) {
      cursor.next();
      cursor.skipLines();
      stages.add(call());
    }
    // With brackets around what stands first or last, which no expression has in its span.
    return new Statement.Pipeline(start.to(cursor.previous().span()), stages);
  }

  private Stage stage() {
    if (cursor.isAt(TokenKind.WORD) && !cursor.isAtOperand()) {
      return call();
    }
    if (cursor.isAt(TokenKind.PIPE)) {
      throw cursor.unexpected("a verb before it", "write '$_ | ...' to go on from the last result");
    }
    Expression expression = expression();
    return new Stage.Source(expression.span(), expression);
  }

  private Stage.Call call() {
    if (!cursor.isAt(TokenKind.WORD)) {
      throw cursor.unexpected("a verb", "type 'help' for the verbs");
    }
    Token verb = cursor.next();
    if (cursor.isAtOperator("=")) {
      throw cursor.unexpected(
          "an argument", "write 'let " + verb.value() + " = ...' to name a value");
    }
    List<Expression> arguments = new ArrayList<>();
    while (true) {
      if (isFormula(verb, arguments)) {
        formula(arguments);
        continue;
      }
      if (callEnds()) {
        break;
      }
      if (!arguments.isEmpty() && cursor.isAt(TokenKind.COMMA)) {
        if (arguments.size() > 1 && isComparing(arguments)) {
          throw cursor.unexpected("what it is compared with", NAMED_SO);
        }
        cursor.next();
        cursor.skipLines();
        if (cursor.isAtComparingWord()) {
          // Printed without the comma it would join its neighbours.
          throw cursor.unexpected("an argument", NAMED_SO);
        }
      }
      arguments.add(argument());
    }
    Span end = arguments.isEmpty() ? verb.span() : arguments.get(arguments.size() - 1).span();
    return new Stage.Call(verb.span().to(end), verb.span(), verb.value(), arguments);
  }

  /** Whether the last of some arguments is a word that can compare two operands. */
  private static boolean isComparing(List<Expression> arguments) {
    return arguments.get(arguments.size() - 1) instanceof Word word
        && !word.quoted()
        && Operator.compares(word.text());
  }

  /** Whether braces hold what a hook makes of values, rather than a block. */
  private boolean isFormula(Token verb, List<Expression> arguments) {
    return cursor.isAt(TokenKind.LEFT_BRACE)
        && verb.value().equals(HOOK)
        && arguments.stream().noneMatch(one -> one instanceof Word word && isBecomes(word));
  }

  private static boolean isBecomes(Word word) {
    return word.text().equals(BECOMES) && !word.quoted();
  }

  private void formula(List<Expression> arguments) {
    arguments.add(new Word(cursor.peek().span(), BECOMES, false));
    cursor.openBlock();
    cursor.skipLines();
    arguments.add(expression());
    cursor.skipLines();
    if (!cursor.isAt(TokenKind.RIGHT_BRACE)) {
      throw cursor.unexpected("'}'", "hook L2.z at S2 { x * 0.5 }");
    }
    cursor.closeBlock();
  }

  private boolean callEnds() {
    return switch (cursor.peek().kind()) {
      case NEWLINE, SEMICOLON, END, PIPE, RIGHT_BRACE -> true;
      case COMMA, LEFT_BRACE -> edits;
      default -> false;
    };
  }

  private Expression argument() {
    if (cursor.isAtKeyword(Keyword.WITH)) {
      Token with = cursor.next();
      return new Word(with.span(), with.value(), false);
    }
    return expression();
  }

  private Expression expression() {
    deepen();
    Expression expression = disjunction();
    depth--;
    return expression;
  }

  private void deepen() {
    if (++depth > DEPTH_LIMIT) {
      throw TokenCursor.error(
          cursor.peek().span(), "brackets are nested deeper than " + DEPTH_LIMIT + " levels", null);
    }
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
    Parser inside =
        new Parser(
            source,
            new TokenCursor(source, Lexer.lex(source.text(), cut.start(), cut.colon())),
            depth);
    Expression expression = inside.expression();
    if (!inside.cursor.isAt(TokenKind.END)) {
      throw inside.cursor.unexpected("'}'", null);
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
