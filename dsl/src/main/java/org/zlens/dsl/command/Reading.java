package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Evaluator;
import org.zlens.dsl.session.Names;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** What a parameter type may look at while it reads an argument. */
public final class Reading {
  private static final String LAST = "_";

  private final Forecast forecast;
  private final List<String> words;

  public Reading(Forecast forecast) {
    this(forecast, List.of());
  }

  Reading(Forecast forecast, List<String> words) {
    this.forecast = forecast;
    this.words = words;
  }

  /** The words of the signature that is being read, one of which may have been meant. */
  List<String> words() {
    return words;
  }

  public Forecast forecast() {
    return forecast;
  }

  /**
   * The value of an expression of constants and variables, or null if it is a bare word that names
   * no variable. If it hangs on a value of the run, the argument is read again when it runs.
   */
  public Value value(Expression expression) {
    if (expression instanceof Expression.Occurrence) {
      return null;
    }
    try {
      String root = root(expression);
      if (root != null && lookUp(root) == null) {
        return null;
      }
      return new Evaluator(names()).evaluate(expression);
    } catch (NotYetKnown later) {
      // Of the variable the kind is known; of what is worked out of it, it is not.
      if (isWhole(expression)) {
        throw later;
      }
      throw new NotYetKnown(
          expression instanceof Expression.Interpolated ? ValueKind.TEXT : ValueKind.ANY);
    }
  }

  /** Whether an expression is a variable and nothing else. */
  static boolean isWhole(Expression expression) {
    return expression instanceof Expression.Word
        || expression instanceof Expression.Variable variable && !variable.text().contains(".");
  }

  private static String root(Expression expression) {
    if (expression instanceof Expression.Word word) {
      return word.text();
    }
    return expression instanceof Expression.Dotted dotted
        ? dotted.text().substring(0, dotted.text().indexOf('.'))
        : null;
  }

  /** The names of variables, as expressions in arguments see them. */
  public Names names() {
    return new Names() {
      @Override
      public Value word(String name) {
        return lookUp(name);
      }

      @Override
      public Value variable(String name) {
        Value value = lookUp(name);
        if (value == null && forecast.isOpen()) {
          throw new NotYetKnown(ValueKind.ANY);
        }
        return value;
      }

      @Override
      public String hint(String name) {
        return variableHint(forecast, name);
      }
    };
  }

  private Value lookUp(String name) {
    if (isLast(name, forecast)) {
      if (forecast.last() == null) {
        throw new NotYetKnown(forecast.lastKind());
      }
      return forecast.last();
    }
    Value constant = forecast.constant(name);
    ValueKind kind = forecast.variables().get(name);
    if (constant == null && kind != null) {
      throw new NotYetKnown(kind);
    }
    return constant;
  }

  /** Whether a name means the last result. */
  public static boolean isLast(String name, Forecast forecast) {
    return name.equals(LAST) || name.equals("last") && !forecast.variables().containsKey("last");
  }

  /** Whether a failure only says that a value will be known when the script runs. */
  public static boolean isUnknown(RuntimeException failure) {
    return failure instanceof NotYetKnown;
  }

  static String variableHint(Forecast forecast, String name) {
    return Suggestion.didYouMean(
        name,
        forecast.variables().keySet(),
        "name a value with 'let " + Quoted.printable(name) + " = ...'");
  }

  /** A failure of an argument of the right form with the wrong content. */
  public Fault fault(Expression expression, String message, String hint) {
    return new Fault(Kind.TYPE, expression.span(), message, hint);
  }
}
