package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.syntax.Expression.Word;

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
 * </pre>
 *
 * <p>What an expression is, {@link ExpressionParser} tells.
 *
 * <p>It stops at the first error. Depth and length of expressions are bounded, so that no input
 * exhausts the stack of this or any later step.
 */
public final class Parser {
  private static final String FOR_HINT = "for x in [1, 2] { ... }";
  private static final String NAMED_SO = "a column of this name stands between back quotes";
  private static final String HOOK = "hook";
  private static final String BECOMES = "becomes";
  private static final String WITH_HINT = "with ablate feature L2.F417 at S2 { ... }";

  private final SourceText source;
  private final TokenCursor cursor;
  private final Nesting nesting = new Nesting();
  private final ExpressionParser expressions;
  private boolean edits;

  private Parser(SourceText source) {
    this.source = source;
    this.cursor = new TokenCursor(source);
    this.expressions = new ExpressionParser(source, cursor, nesting);
  }

  /** The script that a source holds. Throws {@link SyntaxException} at the first error. */
  public static Script parse(SourceText source) {
    return new Parser(source).script();
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
    expressions.beginStatement();
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
      initial = expressions.expression();
    }
    Span span = word.span().to(cursor.previous().span());
    return new Statement.Param(span, name.span(), name.value(), initial);
  }

  private Statement include() {
    Token word = outside();
    Expression file = expressions.expression();
    return new Statement.Include(word.span().to(file.span()), file);
  }

  /** Takes the first word of a statement that a block cannot hold. */
  private Token outside() {
    Token word = cursor.next();
    if (!nesting.isOutermost()) {
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
    Expression values = expressions.expression();
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
    nesting.enter(cursor.peek());
    cursor.openBlock();
    List<Statement> body = statements(TokenKind.RIGHT_BRACE);
    cursor.closeBlock();
    nesting.leave();
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
    Expression expression = expressions.expression();
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
    arguments.add(expressions.expression());
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
    return expressions.expression();
  }
}
