package org.zlens.dsl.command;

import java.util.EnumSet;
import java.util.Set;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** {@code n = 100} after {@code with}: a value for a parameter of a script, not evaluated. */
public record Assignment(Span span, String name, Expression expression) {
  private static final Set<ValueKind> PLAIN =
      EnumSet.of(
          ValueKind.NUMBER,
          ValueKind.TEXT,
          ValueKind.ADDRESS,
          ValueKind.TRUTH,
          ValueKind.LIST,
          ValueKind.ANY);

  /**
   * The value as an expression that means the same in any script: a literal, or, while the value
   * hangs on the run, a variable of its kind that no script can name.
   */
  public Expression foretold(Forecast forecast) {
    try {
      Value value = new Reading(forecast).value(expression);
      if (value == null) {
        throw new Fault(
            Kind.NAME,
            expression.span(),
            "nothing here is named " + Quoted.of(name(expression)),
            "texts stand in double quotes");
      }
      Expression literal = Literals.of(value, expression.span());
      if (literal == null) {
        throw unfit(value.kind());
      }
      return literal;
    } catch (NotYetKnown later) {
      if (!PLAIN.contains(later.kind())) {
        throw unfit(later.kind());
      }
      forecast.declare(" " + name, later.kind());
      return new Expression.Variable(expression.span(), " " + name);
    }
  }

  private Fault unfit(ValueKind kind) {
    return new Fault(
        Kind.TYPE,
        expression.span(),
        "a parameter is a number, a text, an address, true, false or a list, found "
            + kind.phrase(),
        "name it with 'let': a script sees the variables of the session");
  }

  private static String name(Expression expression) {
    return Printer.print(expression);
  }
}
