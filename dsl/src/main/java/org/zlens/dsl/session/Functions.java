package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** The functions of expressions. */
public final class Functions {
  private static final Map<String, DoubleUnaryOperator> OF_NUMBER =
      Map.of("abs", Math::abs, "exp", Math::exp, "log", Math::log, "sqrt", Math::sqrt);

  /** Over all numbers of the operands, missing ones left out. */
  private static final Map<String, ToDoubleFunction<double[]>> OF_NUMBERS =
      Map.of(
          "max", numbers -> Arrays.stream(numbers).max().orElse(Double.NaN),
          "mean", numbers -> Arrays.stream(numbers).average().orElse(Double.NaN),
          "median", Functions::median,
          "min", numbers -> Arrays.stream(numbers).min().orElse(Double.NaN),
          "sum", numbers -> Arrays.stream(numbers).sum());

  /** Every function with what it gives, by name. */
  public static final Map<String, String> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("abs", "abs(x): the size of a number"),
              Map.entry("contains", "contains(text, part): whether a text has a part"),
              Map.entry(
                  "count", "count(t) or count(t.x): rows of a table, cells that are not missing"),
              Map.entry("exp", "exp(x): e to the power of a number"),
              Map.entry("log", "log(x): the natural logarithm"),
              Map.entry("max", "max(t.x) or max(a, b): the largest"),
              Map.entry("mean", "mean(t.x): the mean"),
              Map.entry("median", "median(t.x): the median"),
              Map.entry("min", "min(t.x) or min(a, b): the smallest"),
              Map.entry("sqrt", "sqrt(x): the square root"),
              Map.entry("sum", "sum(t.x): the sum")));

  private Functions() {}

  static Value apply(Expression.Function function, List<Value> operands) {
    String name = function.name();
    if (OF_NUMBERS.containsKey(name)) {
      double[] numbers = numbers(function, operands);
      if (numbers.length == 0 && !name.equals("sum")) {
        throw fault(function, Kind.RUNTIME, "'" + name + "' of no numbers has no value");
      }
      return new NumberValue(OF_NUMBERS.get(name).applyAsDouble(numbers));
    } else if (OF_NUMBER.containsKey(name)) {
      Value operand = single(function, operands, 1, 0);
      return operand == NothingValue.NOTHING
          ? operand
          : new NumberValue(
              OF_NUMBER
                  .get(name)
                  .applyAsDouble(Evaluator.asNumber(operand, span(function, 0), "'" + name + "'")));
    } else if (name.equals("count")) {
      return new NumberValue(count(function, operands));
    } else if (name.equals("contains")) {
      Value text = single(function, operands, 2, 0);
      Value part = single(function, operands, 2, 1);
      return new TruthValue(text.toString().contains(part.toString()));
    }
    throw new Fault(
        Kind.NAME,
        function.span(),
        "no function " + Quoted.of(name),
        Suggestion.didYouMean(name, ALL.keySet(), "type 'help expressions' for the functions"));
  }

  private static long count(Expression.Function function, List<Value> operands) {
    if (operands.size() != 1) {
      throw fault(function, Kind.TYPE, "'count' takes 1 operand, found " + operands.size());
    }
    Value operand = operands.get(0);
    if (operand instanceof ListValue list) {
      return list.values().stream().filter(v -> v != NothingValue.NOTHING).count();
    }
    TableValue table = Cells.tableOf(operand);
    if (table == null) {
      throw fault(
          function,
          Kind.TYPE,
          "'count' takes a table or a column, found " + operand.kind().phrase());
    }
    return table.table().rowCount();
  }

  private static double[] numbers(Expression.Function function, List<Value> operands) {
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Value operand = operands.get(i);
      List<Value> values = operand instanceof ListValue list ? list.values() : List.of(operand);
      for (Value value : values) {
        if (value != NothingValue.NOTHING) {
          numbers.add(Evaluator.asNumber(value, span(function, i), "'" + function.name() + "'"));
        }
      }
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Value single(
      Expression.Function function, List<Value> operands, int wanted, int index) {
    if (operands.size() != wanted) {
      throw fault(
          function,
          Kind.TYPE,
          "'" + function.name() + "' takes " + wanted + " operands, found " + operands.size());
    }
    return Evaluator.scalar(operands.get(index), span(function, index));
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static Span span(Expression.Function function, int operand) {
    return function.operands().get(operand).span();
  }

  private static Fault fault(Expression.Function function, Kind kind, String message) {
    return new Fault(kind, function.span(), message, ALL.get(function.name()));
  }
}
