package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;

/** Gives the parameters of a script the values that it is run with. */
public final class ScriptParameters {
  private final Script script;
  private final Map<String, Statement.Param> declared = new LinkedHashMap<>();

  private ScriptParameters(Script script) {
    this.script = script;
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.Param parameter) {
        declared.put(parameter.name(), parameter);
      }
    }
  }

  /**
   * The script with given values in place of its defaults. An unknown name, one given twice and one
   * that is missing are faults.
   *
   * @param call what a missing one is told of
   * @param value what a parameter is set to
   */
  public static Script set(
      Script script, List<Assignment> given, Span call, Function<Assignment, Expression> value) {
    return new ScriptParameters(script).set(given, call, value);
  }

  private Script set(List<Assignment> given, Span call, Function<Assignment, Expression> value) {
    Map<String, Expression> values = new LinkedHashMap<>();
    for (Assignment assignment : given) {
      check(assignment);
      Expression expression = value.apply(assignment);
      checkKind(assignment, expression);
      if (values.put(assignment.name(), expression) != null) {
        throw fault(assignment.span(), Quoted.of(assignment.name()) + " is given twice", null);
      }
    }
    List<Statement> statements = new ArrayList<>();
    for (Statement statement : script.statements()) {
      statements.add(
          statement instanceof Statement.Param parameter && values.containsKey(parameter.name())
              ? parameter.set(values.get(parameter.name()))
              : statement);
      if (statement instanceof Statement.Param parameter
          && parameter.initial() == null
          && !values.containsKey(parameter.name())) {
        String name = Quoted.printable(parameter.name());
        throw fault(
            call, name() + " needs a value for '" + name + "'", "run it with " + name + " = ...");
      }
    }
    return new Script(script.source(), statements);
  }

  private void check(Assignment assignment) {
    if (!declared.containsKey(assignment.name())) {
      String place =
          declared.isEmpty()
              ? "it has none; 'param n = 100' in it would be one"
              : "it has " + Quoted.printable(String.join(", ", declared.keySet()));
      throw fault(
          assignment.span(),
          name() + " has no parameter " + Quoted.of(assignment.name()),
          Suggestion.didYouMean(assignment.name(), declared.keySet(), place));
    }
  }

  private void checkKind(Assignment assignment, Expression value) {
    ValueKind wanted = kind(declared.get(assignment.name()).initial());
    ValueKind found = kind(value);
    if (wanted != found && wanted != ValueKind.ANY && found != ValueKind.ANY) {
      throw fault(
          assignment.span(),
          Quoted.of(assignment.name()) + " is " + wanted.phrase() + ", found " + found.phrase(),
          null);
    }
  }

  private static ValueKind kind(Expression e) {
    if (e instanceof Expression.NumberLiteral
        || e instanceof Expression.Unary unary && unary.operator() == Operator.NEGATE) {
      return ValueKind.NUMBER;
    } else if (e instanceof Expression.Text || e instanceof Expression.Interpolated) {
      return ValueKind.TEXT;
    } else if (e instanceof Expression.Truth) {
      return ValueKind.TRUTH;
    } else if (e instanceof Expression.AddressLiteral) {
      return ValueKind.ADDRESS;
    } else if (e instanceof Expression.ListLiteral || e instanceof Expression.Range) {
      return ValueKind.LIST;
    }
    return ValueKind.ANY;
  }

  private String name() {
    return Quoted.of(script.source().name());
  }

  private static Fault fault(Span span, String message, String hint) {
    return new Fault(Kind.TYPE, span, message, hint);
  }
}
