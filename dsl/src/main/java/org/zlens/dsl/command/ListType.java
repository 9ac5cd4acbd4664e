package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;

/** Reads one, a list in brackets, or a range of layers or whole numbers. */
final class ListType<T> implements ParameterType<List<T>> {
  private static final int LONGEST_RANGE = 1_000_000;

  private final ParameterType<T> element;
  private final String expected;

  ListType(ParameterType<T> element, String expected) {
    this.element = element;
    this.expected = expected;
  }

  @Override
  public String expected() {
    return expected;
  }

  @Override
  public List<T> read(Expression e, Reading reading) {
    List<T> all = new ArrayList<>();
    for (Expression part : parts(e, reading)) {
      T one = element.read(part, reading);
      if (one == null) {
        if (part == e) {
          return null;
        }
        throw reading.fault(part, "expected " + element.expected(), null);
      }
      all.add(one);
    }
    if (all.isEmpty()) {
      throw reading.fault(e, "expected " + expected + ", found an empty list", null);
    }
    return all;
  }

  private static List<Expression> parts(Expression e, Reading reading) {
    List<Expression> written = written(e, reading);
    return written == null ? held(e, reading) : written;
  }

  /** The elements of a list or range as it is written, or null for anything else. */
  static List<Expression> written(Expression e, Reading reading) {
    if (e instanceof Expression.ListLiteral list) {
      return list.elements();
    }
    if (!(e instanceof Expression.Range range)) {
      return null;
    }
    boolean layers = range.from() instanceof Expression.AddressLiteral;
    long from = bound(range.from(), reading);
    long to = bound(range.to(), reading);
    if (to < from || to - from > LONGEST_RANGE) {
      throw reading.fault(e, "a range runs from a smaller to a larger end", null);
    }
    List<Expression> parts = new ArrayList<>();
    for (long i = from; i <= to; i++) {
      parts.add(
          layers
              ? new Expression.AddressLiteral(e.span(), new Address.Layer((int) i))
              : new Expression.NumberLiteral(e.span(), Long.toString(i)));
    }
    return parts;
  }

  /** The elements of a list that a variable or a column holds, or the expression itself. */
  static List<Expression> held(Expression e, Reading reading) {
    boolean named =
        e instanceof Expression.Word
            || e instanceof Expression.Variable
            || e instanceof Expression.Dotted;
    if (!named || !(reading.value(e) instanceof ListValue list)) {
      return List.of(e);
    }
    List<Expression> parts = new ArrayList<>();
    for (Value value : list.values()) {
      Expression literal = Literals.of(value, e.span());
      if (literal == null) {
        throw reading.fault(e, "expected a list of values, found " + value.kind().phrase(), null);
      }
      parts.add(literal);
    }
    return parts;
  }

  private static long bound(Expression e, Reading reading) {
    if (e instanceof Expression.AddressLiteral literal
        && literal.address() instanceof Address.Layer layer) {
      return layer.index();
    }
    Long number = Types.whole(0, Integer.MAX_VALUE).read(e, reading);
    if (number == null) {
      throw reading.fault(e, "a range runs between whole numbers or layers", "L0..L3 or 0..5");
    }
    return number;
  }

  @Override
  public ArgumentForm form() {
    return element.form();
  }

  @Override
  public boolean isList() {
    return true;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return element.accepts(kind);
  }

  @Override
  public List<Candidate> candidates(Forecast forecast, String typed) {
    return element.candidates(forecast, typed);
  }
}
