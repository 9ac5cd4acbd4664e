package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Evaluator;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** {@code expect}: a condition that must hold, which turns a recipe into a test. */
public final class ExpectCommand implements Command {
  private static final Parameter<Expression> CONDITION =
      Parameter.of("condition", Types.EXPRESSION, "what must hold; 'last' is the last result");

  private static final Parameter<Double> WITHIN =
      Parameter.after("within", "number", Types.positive(), "how far two equal numbers may differ")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("expect", Group.SESSION, "fail unless a condition holds")
          .details(
              """
              A column of a table stands for its first row's cell: 'expect last.delta < -0.2'. \
              Functions see the whole column: 'expect max(last.delta) < 0'. When the condition fails \
              the script ends with exit code 1, and the error tells both sides.""")
          .parameters(CONDITION, WITHIN)
          .example("set\nexpect count(last) > 3 and last.name = \"bos\"", "two facts of a table")
          .example("let x = (2 / 3)\nexpect x = 0.6667 within 1e-4", "a number to four digits")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    try {
      new Evaluator(new Reading(forecast).names()).evaluate(arguments.get(CONDITION));
    } catch (Fault fault) {
      if (fault.kind() != Kind.RUNTIME) {
        throw fault;
      }
    } catch (RuntimeException e) {
      if (!Reading.isUnknown(e)) {
        throw e;
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Evaluator evaluator = new Evaluator(new Reading(session.forecast()).names());
    check(arguments.get(CONDITION), arguments.find(WITHIN).orElse(null), evaluator);
    return NothingValue.NOTHING;
  }

  private static void check(Expression condition, Double within, Evaluator evaluator) {
    if (condition instanceof Expression.Binary binary) {
      if (binary.operator() == Operator.AND) {
        check(binary.left(), within, evaluator);
        check(binary.right(), within, evaluator);
        return;
      }
      if (binary.operator().isComparison() && binary.operator() != Operator.IN) {
        compare(binary, within, evaluator);
        return;
      }
    }
    if (!evaluator.test(condition)) {
      throw failure(condition, "expected " + shown(condition) + ", which does not hold");
    }
  }

  private static void compare(Expression.Binary comparison, Double within, Evaluator evaluator) {
    Value left = evaluator.evaluateOne(comparison.left());
    Value right = evaluator.evaluateOne(comparison.right());
    boolean near =
        within != null
            && comparison.operator() == Operator.EQUAL
            && left instanceof NumberValue a
            && right instanceof NumberValue b
            && Math.abs(a.value() - b.value()) <= within;
    if (near || evaluator.test(comparison)) {
      return;
    }
    String tolerance = within == null ? "" : " within " + NumberValue.format(within);
    String message = "expected " + shown(comparison) + tolerance + ", found " + text(left);
    Expression bound =
        comparison.right() instanceof Expression.Unary minus ? minus.operand() : comparison.right();
    boolean literal = bound instanceof Expression.NumberLiteral || bound instanceof Expression.Text;
    throw failure(
        comparison,
        literal ? message : message + " on the left and " + text(right) + " on the right");
  }

  private static Fault failure(Expression condition, String message) {
    return new Fault(Kind.RUNTIME, condition.span(), message, null);
  }

  private static String shown(Expression condition) {
    return Printer.print(condition);
  }

  private static String text(Value value) {
    return value instanceof TextValue text ? Quoted.of(text.text()) : value.toString();
  }
}
