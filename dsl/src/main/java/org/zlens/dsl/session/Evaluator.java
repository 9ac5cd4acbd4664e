package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Piece;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/**
 * Evaluates expressions.
 *
 * <p>A missing cell makes every sum and every comparison with it missing; a condition that hangs on
 * one is neither true nor false. A column stands for its first cell where one value is wanted.
 */
public final class Evaluator {
  private static final int LONGEST_RANGE = 1_000_000;
  private static final int LONGEST_TEXT = 1 << 20;

  private final Names names;

  public Evaluator(Names names) {
    this.names = names;
  }

  /** The value of an expression. Throws {@link Fault} at the part that has none. */
  public Value evaluate(Expression e) {
    if (e instanceof Expression.NumberLiteral number) {
      return new NumberValue(number.value());
    } else if (e instanceof Expression.Text text) {
      return new TextValue(text.value());
    } else if (e instanceof Expression.Interpolated string) {
      return interpolated(string);
    } else if (e instanceof Expression.Truth truth) {
      return new TruthValue(truth.value());
    } else if (e instanceof Expression.Word word) {
      return found(names.word(word.text()), word.text(), e.span());
    } else if (e instanceof Expression.Dotted dotted) {
      return dotted(dotted.text(), names::word, e.span());
    } else if (e instanceof Expression.AddressLiteral literal) {
      Value whole = names.whole(literal.address()::text);
      return whole != null ? whole : new AddressValue(literal.address());
    } else if (e instanceof Expression.Variable variable) {
      return dotted(variable.text(), names::variable, e.span());
    } else if (e instanceof Expression.ListLiteral list) {
      return new ListValue(list.elements().stream().map(this::evaluate).toList());
    } else if (e instanceof Expression.Range range) {
      return range(range);
    } else if (e instanceof Expression.Unary unary) {
      return unary(unary);
    } else if (e instanceof Expression.Binary binary) {
      return binary(binary);
    } else if (e instanceof Expression.Function function) {
      return function(function);
    }
    throw new Fault(
        Kind.TYPE, e.span(), "a place in a text is no value", "places stand after 'at' or 'mark'");
  }

  /** Whether a condition holds; a condition that is missing does not. */
  public boolean test(Expression e) {
    return truth(e) instanceof TruthValue truth && truth.value();
  }

  /** True, false or missing. */
  private Value truth(Expression e) {
    Value value = evaluateOne(e);
    if (value == NothingValue.NOTHING || value instanceof TruthValue) {
      return value;
    }
    throw new Fault(
        Kind.TYPE,
        e.span(),
        "expected a condition, found " + value.kind().phrase(),
        "compare it with something: x < 3, template = \"BABA\"");
  }

  /** The value of an expression where one value is wanted: a column stands for its first cell. */
  public Value evaluateOne(Expression e) {
    return scalar(evaluate(e), e.span());
  }

  /** One value: a column's first cell, anything else as it is. */
  static Value scalar(Value value, Span span) {
    if (value instanceof ListValue list && list.column() != null) {
      if (list.values().isEmpty()) {
        throw new Fault(
            Kind.RUNTIME,
            span,
            "column " + Quoted.of(list.column()) + " has no rows",
            "'count' of an empty column is 0");
      }
      return list.values().get(0);
    }
    return value;
  }

  private Value interpolated(Expression.Interpolated string) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : string.pieces()) {
      text.append(
          piece instanceof Piece.Literal literal ? literal.text() : written((Piece.Hole) piece));
      bounded(text.length(), string.span());
    }
    return new TextValue(text.toString());
  }

  private String written(Piece.Hole hole) {
    Expression inside = hole.expression();
    Value value = evaluateOne(inside);
    if (hole.format() != null) {
      return NumberFormats.format(asNumber(value, inside.span(), "a number format"), hole.format());
    }
    return switch (value.kind()) {
      case NUMBER, TEXT, TRUTH, ADDRESS, LIST, NOTHING -> value.toString();
      default ->
          throw new Fault(
              Kind.TYPE,
              inside.span(),
              value.kind().phrase() + " cannot be written in a text",
              "name a column of it, as in {last.delta}, or 'save' it");
    };
  }

  private static void bounded(int length, Span span) {
    if (length > LONGEST_TEXT) {
      throw new Fault(
          Kind.TYPE, span, "a text has more than " + LONGEST_TEXT + " characters", null);
    }
  }

  private Value function(Expression.Function function) {
    Value column = names.whole(() -> Printer.print(function));
    if (column != null) {
      return column;
    }
    if (Functions.isAggregate(function)) {
      Value whole =
          names.aggregate(
              function,
              () ->
                  function.operands().isEmpty()
                      ? NothingValue.NOTHING
                      : evaluate(function.operands().get(0)));
      if (whole != null) {
        return whole;
      }
    }
    return Functions.apply(function, function.operands().stream().map(this::evaluate).toList());
  }

  private Value dotted(String text, Function<String, Value> roots, Span span) {
    Value whole = names.whole(() -> text);
    if (whole != null) {
      return whole;
    }
    List<String> parts = Arrays.asList(text.split("\\."));
    Value value = found(roots.apply(parts.get(0)), parts.get(0), span);
    for (String field : parts.subList(1, parts.size())) {
      value = Fields.get(value, field, span);
    }
    return value;
  }

  private Value found(Value value, String name, Span span) {
    if (value == null) {
      throw new Fault(
          Kind.NAME, span, "nothing here is named " + Quoted.of(name), names.hint(name));
    }
    return value;
  }

  private Value range(Expression.Range range) {
    Value first = evaluateOne(range.from());
    Value last = evaluateOne(range.to());
    if (layer(first) >= 0 && layer(last) >= 0) {
      return new ListValue(
          IntStream.rangeClosed(layer(first), layer(last))
              .<Value>mapToObj(layer -> new AddressValue(new Address.Layer(layer)))
              .toList());
    }
    double from = asNumber(first, range.from().span(), "the start of a range");
    double to = asNumber(last, range.to().span(), "the end of a range");
    if (from != Math.rint(from) || to != Math.rint(to) || to - from >= LONGEST_RANGE) {
      throw new Fault(
          Kind.TYPE, range.span(), "a range runs over at most a million whole numbers", null);
    }
    List<Value> values = new ArrayList<>();
    LongStream.rangeClosed((long) from, (long) to).forEach(i -> values.add(new NumberValue(i)));
    return new ListValue(values);
  }

  /** The number of the layer that a value is, or -1. */
  private static int layer(Value value) {
    return value instanceof AddressValue held && held.address() instanceof Address.Layer layer
        ? layer.index()
        : -1;
  }

  /** What "and" makes of two conditions, or "or" where one that is true decides. */
  private Value joined(Expression.Binary binary, boolean decisive) {
    Value left = truth(binary.left());
    if (left instanceof TruthValue known && known.value() == decisive) {
      return left;
    }
    Value right = truth(binary.right());
    if (right instanceof TruthValue known && known.value() == decisive) {
      return right;
    }
    return left == NothingValue.NOTHING ? left : right;
  }

  private Value unary(Expression.Unary unary) {
    if (unary.operator() == Operator.NOT) {
      Value truth = truth(unary.operand());
      return truth instanceof TruthValue known ? new TruthValue(!known.value()) : truth;
    }
    Value value = evaluateOne(unary.operand());
    if (value == NothingValue.NOTHING) {
      return value;
    }
    return new NumberValue(-asNumber(value, unary.operand().span(), "'-'"));
  }

  private Value binary(Expression.Binary binary) {
    Operator operator = binary.operator();
    if (operator == Operator.AND) {
      return joined(binary, false);
    } else if (operator == Operator.OR) {
      return joined(binary, true);
    }
    Value left = evaluateOne(binary.left());
    Value right = operator == Operator.IN ? evaluate(binary.right()) : evaluateOne(binary.right());
    if (left == NothingValue.NOTHING || right == NothingValue.NOTHING) {
      return NothingValue.NOTHING;
    } else if (operator == Operator.IN) {
      return new TruthValue(Comparison.isIn(left, right, binary.right().span()));
    } else if (operator == Operator.CONTAINS || operator == Operator.MATCHES) {
      return new TruthValue(TextComparison.holds(binary, left, right));
    } else if (operator.isComparison()) {
      return new TruthValue(Comparison.holds(operator, left, right, binary.span()));
    }
    if (operator == Operator.PLUS && left instanceof TextValue && right instanceof TextValue) {
      bounded(left.toString().length() + right.toString().length(), binary.span());
      return new TextValue(left.toString() + right);
    }
    String sign = "'" + operator.sign() + "'";
    double a = asNumber(left, binary.left().span(), sign);
    double b = asNumber(right, binary.right().span(), sign);
    return new NumberValue(
        switch (operator) {
          case PLUS -> a + b;
          case MINUS -> a - b;
          case TIMES -> a * b;
          case DIVIDED_BY -> a / b;
          default -> a - b * Math.floor(a / b);
        });
  }

  static double asNumber(Value value, Span span, String wantedBy) {
    if (value instanceof NumberValue number) {
      return number.value();
    }
    throw new Fault(
        Kind.TYPE, span, wantedBy + " takes numbers, found " + value.kind().phrase(), null);
  }
}
