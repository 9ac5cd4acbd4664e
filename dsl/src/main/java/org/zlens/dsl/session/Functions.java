package org.zlens.dsl.session;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
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
          "sd", Functions::standardDeviation,
          "sum", numbers -> Arrays.stream(numbers).sum());

  private static final Map<String, BiPredicate<String, String>> OF_TEXTS =
      Map.of("contains", String::contains, "ends", String::endsWith, "starts", String::startsWith);

  private static final Map<String, Function<String, Value>> OF_TEXT =
      Map.of(
          "length", text -> new NumberValue(text.codePointCount(0, text.length())),
          "lower", text -> new TextValue(text.toLowerCase(Locale.ROOT)));

  /** Every function with what it gives, by name. */
  public static final Map<String, String> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("abs", "abs(x): the size of a number"),
              Map.entry("contains", "contains(text, part): whether a text has a part"),
              Map.entry(
                  "count",
                  "count(t), count(t.x), in rows count() and count(x < 0): rows, cells that are"
                      + " there, conditions that hold"),
              Map.entry("ends", "ends(text, part): whether a text ends with a part"),
              Map.entry("exp", "exp(x): e to the power of a number"),
              Map.entry("first", "first(t.x): the first of a column"),
              Map.entry("length", "length(text): how many characters a text has"),
              Map.entry("log", "log(x): the natural logarithm"),
              Map.entry("lower", "lower(text): the text in lower case"),
              Map.entry("max", "max(t.x) or max(a, b): the largest"),
              Map.entry("mean", "mean(t.x): the mean"),
              Map.entry("median", "median(t.x): the median"),
              Map.entry("min", "min(t.x) or min(a, b): the smallest"),
              Map.entry("missing", "missing(x): whether a cell is missing"),
              Map.entry("round", "round(x, digits): with so many digits after the point"),
              Map.entry("sd", "sd(t.x): the standard deviation of a sample"),
              Map.entry("sqrt", "sqrt(x): the square root"),
              Map.entry("starts", "starts(text, part): whether a text starts with a part"),
              Map.entry("sum", "sum(t.x): the sum")));

  private static final int MOST_DIGITS = 300;
  private static final String FIRST = "first";

  private Functions() {}

  /** Whether a function makes one value of many rows, where names are cells of one. */
  public static boolean isAggregate(Expression.Function function) {
    int operands = function.operands().size();
    return function.name().equals("count") && operands <= 1
        || operands == 1
            && (function.name().equals(FIRST) || OF_NUMBERS.containsKey(function.name()));
  }

  /**
   * What a function of {@link #isAggregate} makes of the values of its operand in some rows; a
   * missing value of too few numbers.
   */
  public static Value aggregate(Expression.Function function, List<Value> values) {
    if (function.name().equals("count")) {
      return new NumberValue(
          function.operands().isEmpty() ? values.size() : new ListValue(values).present());
    }
    if (function.name().equals(FIRST)) {
      return values.isEmpty() ? NothingValue.NOTHING : values.get(0);
    }
    double[] numbers = numbers(function, List.of(new ListValue(values)));
    double value = OF_NUMBERS.get(function.name()).applyAsDouble(numbers);
    return Double.isNaN(value) ? NothingValue.NOTHING : new NumberValue(value);
  }

  static Value apply(Expression.Function function, List<Value> operands) {
    String name = function.name();
    if (OF_NUMBERS.containsKey(name)) {
      double[] numbers = numbers(function, operands);
      if (numbers.length == 0 && !name.equals("sum")) {
        throw fault(function, Kind.RUNTIME, "'" + name + "' of no numbers has no value");
      }
      if (numbers.length == 1 && name.equals("sd")) {
        throw fault(function, Kind.RUNTIME, "'sd' of one number has no value");
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
    } else if (name.equals(FIRST)) {
      Value values = operands.size() == 1 ? operands.get(0) : null;
      if (values instanceof ListValue list && !list.values().isEmpty()) {
        return list.values().get(0);
      }
      throw fault(function, Kind.TYPE, "'first' takes a column that has rows");
    } else if (name.equals("count")) {
      return new NumberValue(count(function, operands));
    } else if (name.equals("missing")) {
      Value value = single(function, operands, 1, 0);
      boolean isNaN = value instanceof NumberValue number && Double.isNaN(number.value());
      return new TruthValue(isNaN || value == NothingValue.NOTHING);
    } else if (name.equals("round")) {
      return round(function, single(function, operands, 2, 0), single(function, operands, 2, 1));
    } else if (OF_TEXT.containsKey(name)) {
      Value text = single(function, operands, 1, 0);
      return text == NothingValue.NOTHING ? text : OF_TEXT.get(name).apply(text(function, 0, text));
    } else if (OF_TEXTS.containsKey(name)) {
      Value text = single(function, operands, 2, 0);
      Value part = single(function, operands, 2, 1);
      return new TruthValue(
          text != NothingValue.NOTHING
              && part != NothingValue.NOTHING
              && OF_TEXTS.get(name).test(text(function, 0, text), text(function, 1, part)));
    }
    throw unknown(function);
  }

  /** Throws a {@link Fault} if there is no function of this name. */
  public static void checkName(Expression.Function function) {
    if (!ALL.containsKey(function.name())) {
      throw unknown(function);
    }
  }

  private static Fault unknown(Expression.Function function) {
    String name = function.name();
    return new Fault(
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
      return list.present();
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

  private static Value round(Expression.Function function, Value value, Value digits) {
    if (value == NothingValue.NOTHING || digits == NothingValue.NOTHING) {
      return NothingValue.NOTHING;
    }
    double number = Evaluator.asNumber(value, span(function, 0), "'round'");
    double places = Evaluator.asNumber(digits, span(function, 1), "'round'");
    if (places != Math.rint(places) || Math.abs(places) > MOST_DIGITS) {
      throw new Fault(
          Kind.TYPE,
          span(function, 1),
          "'round' takes a whole number of digits up to "
              + MOST_DIGITS
              + ", found "
              + NumberValue.format(places),
          ALL.get("round"));
    }
    return new NumberValue(
        Double.isFinite(number)
            ? BigDecimal.valueOf(number)
                .setScale((int) places, RoundingMode.HALF_EVEN)
                .doubleValue()
            : number);
  }

  private static String text(Expression.Function function, int operand, Value value) {
    return TextComparison.text(value, span(function, operand), "'" + function.name() + "'");
  }

  /** Of a sample: NaN for fewer than two numbers. */
  private static double standardDeviation(double[] numbers) {
    double mean = Arrays.stream(numbers).average().orElse(Double.NaN);
    double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
    return numbers.length < 2 ? Double.NaN : Math.sqrt(squares / (numbers.length - 1));
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
