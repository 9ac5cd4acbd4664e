package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;
import org.zlens.dsl.syntax.SyntaxException;

/**
 * Gives the parameters of a script the values that stand behind it on a command line, {@code n=3
 * model=sprig}. Numbers, addresses, lists and the like are such; everything else is a text, without
 * quotes, and so is every value of a parameter whose default is a text.
 */
public final class ScriptArguments {
  private final Script script;
  private final SourceText line;

  private ScriptArguments(Script script, SourceText line) {
    this.script = script;
    this.line = line;
  }

  /** The script with these values; {@link DiagnosticException} where it has no such parameter. */
  public static Script set(Script script, List<String> words) {
    SourceText line = new SourceText("command line", String.join(" ", words));
    return new ScriptArguments(script, line).set(words);
  }

  private Script set(List<String> words) {
    List<Assignment> given = new ArrayList<>();
    int at = 0;
    for (String word : words) {
      given.add(assignment(word, at));
      at += word.length() + 1;
    }
    Span all = new Span(0, line.text().length());
    try {
      return ScriptParameters.set(script, given, all, Assignment::expression);
    } catch (Fault fault) {
      throw new DiagnosticException(Diagnostic.of(fault, line));
    }
  }

  private Assignment assignment(String word, int at) {
    int equals = word.indexOf('=');
    String name = word.substring(0, equals);
    Span value = new Span(at + equals + 1, at + word.length());
    Expression text = new Expression.Text(value, word.substring(equals + 1));
    Expression literal = isText(name) ? null : literal(value);
    return new Assignment(new Span(at, at + word.length()), name, literal == null ? text : literal);
  }

  private boolean isText(String name) {
    return script.statements().stream()
        .anyMatch(
            statement ->
                statement instanceof Statement.Param parameter
                    && parameter.name().equals(name)
                    && (parameter.initial() instanceof Expression.Text
                        || parameter.initial() instanceof Expression.Interpolated));
  }

  /** The literal that a part of the line is, or null if it is none. */
  private Expression literal(Span part) {
    // In brackets it can only be an expression; in front of them, nothing, so that places agree.
    String text = " ".repeat(part.start() - 1) + "(" + line.slice(part) + ")";
    Script parsed;
    try {
      parsed = Parser.parse(new SourceText(line.name(), text));
    } catch (SyntaxException e) {
      return null;
    }
    boolean one =
        parsed.statements().size() == 1
            && parsed.statements().get(0) instanceof Statement.Pipeline pipeline
            && pipeline.stages().size() == 1
            && pipeline.stages().get(0) instanceof Stage.Source;
    if (!one) {
      return null;
    }
    Statement.Pipeline pipeline = (Statement.Pipeline) parsed.statements().get(0);
    Expression expression = ((Stage.Source) pipeline.stages().get(0)).expression();
    return isLiteral(expression) ? expression : null;
  }

  private static boolean isLiteral(Expression e) {
    return e instanceof Expression.NumberLiteral
        || e instanceof Expression.Text
        || e instanceof Expression.Truth
        || e instanceof Expression.AddressLiteral
        || e instanceof Expression.Unary unary
            && unary.operator() == Operator.NEGATE
            && isLiteral(unary.operand())
        || e instanceof Expression.Range range && isLiteral(range.from()) && isLiteral(range.to())
        || e instanceof Expression.ListLiteral list
            && list.elements().stream().allMatch(ScriptArguments::isLiteral);
  }
}
