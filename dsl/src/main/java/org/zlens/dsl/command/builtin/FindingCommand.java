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
import org.zlens.dsl.session.Findings;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** {@code finding}: a number that a study has come to, under the name that it is judged by. */
public final class FindingCommand implements Command {
  private static final int LONGEST_NAME = 200;

  private static final Parameter<String> NAME =
      Parameter.of("name", Types.STRING, "what the number is called");

  private static final Parameter<Expression> NUMBER =
      Parameter.after("is", "number", Types.EXPRESSION, "the number; 'last' is the last result");

  private static final Signature SIGNATURE =
      Signature.verb("finding", Group.SESSION, "name a number that a study has come to")
          .details(
              """
              A column of a table stands for its first row's cell, as with 'expect'. Run by \
              'zlens study NAME', the findings of a recipe are held against its expected.json, by \
              name: one that is not listed there, or is listed and not found, fails like one that \
              is another number. Elsewhere a finding is shown, and that is all.""")
          .parameters(NAME, NUMBER)
          .result(ValueKind.TABLE)
          .example("finding \"a third\" is 1 / 3", "a number by name")
          .example(
              "set\nfinding \"settings\" is count(last)",
              "one that is worked out of the last result")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    try {
      number(arguments, new Evaluator(new Reading(forecast).names()));
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
    String name = arguments.get(NAME);
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw arguments.fault(
          NAME,
          Kind.USAGE,
          "expected a name of 1 to " + LONGEST_NAME + " characters, found " + Quoted.of(name),
          null);
    }
    double number = number(arguments, new Evaluator(new Reading(session.forecast()).names()));
    if (!Findings.of(session).add(name, number)) {
      throw arguments.fault(
          NAME,
          Kind.RUNTIME,
          "there is a finding " + Quoted.of(name) + " already",
          "each has a name of its own");
    }
    return new Rows("finding").text("finding", name).number("value", number, "").table();
  }

  private static double number(Arguments arguments, Evaluator evaluator) {
    Expression expression = arguments.get(NUMBER);
    Value value = evaluator.evaluateOne(expression);
    if (!(value instanceof NumberValue number)) {
      throw fault(Kind.TYPE, expression, "is " + value.kind().phrase() + ", expected a number");
    }
    if (!Double.isFinite(number.value())) {
      throw fault(Kind.RUNTIME, expression, "is " + number + ", expected a finite number");
    }
    return number.value();
  }

  private static Fault fault(Kind kind, Expression expression, String message) {
    return new Fault(
        kind, expression.span(), Quoted.of(Printer.print(expression)) + " " + message, null);
  }
}
