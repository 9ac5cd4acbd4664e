package org.zlens.dsl.command;

import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** The words for an argument that has not the form that its parameter wants. */
final class Mismatch {
  private Mismatch() {}

  static Fault fault(Parameter<?> parameter, Expression expression, Reading reading) {
    try {
      return known(parameter, expression, reading);
    } catch (NotYetKnown later) {
      return new Fault(
          Kind.TYPE,
          expression.span(),
          "expected " + parameter.type().expected() + ", found " + later.kind().phrase(),
          null);
    }
  }

  private static Fault known(Parameter<?> parameter, Expression expression, Reading reading) {
    String expected = parameter.type().expected();
    if (expression instanceof Expression.Word word && reading.value(expression) == null) {
      return new Fault(
          Kind.TYPE,
          expression.span(),
          "expected " + expected + ", found " + Quoted.of(word.text()),
          near(parameter, word.text(), reading));
    }
    return new Fault(
        Kind.TYPE,
        expression.span(),
        "expected " + expected + ", found " + found(expression, reading),
        null);
  }

  /** A misspelt choice or label, or a misspelt variable. */
  private static String near(Parameter<?> parameter, String word, Reading reading) {
    Forecast forecast = reading.forecast();
    String choice =
        Suggestion.didYouMean(
            word, parameter.type().candidates(forecast).stream().map(Candidate::text).toList());
    return choice != null
        ? choice
        : Suggestion.didYouMean(
            word, reading.words(), Suggestion.didYouMean(word, forecast.variables().keySet()));
  }

  private static String found(Expression expression, Reading reading) {
    boolean named =
        expression instanceof Expression.Word
            || expression instanceof Expression.Variable
            || expression instanceof Expression.Dotted;
    if (named) {
      Value value = reading.value(expression);
      if (value != null) {
        return value.kind().phrase();
      }
    }
    return Quoted.of(Printer.print(expression));
  }
}
