package org.zlens.dsl.command;

import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/** Reads whole numbers within bounds. */
public final class WholeNumberType implements ParameterType<Long> {
  private final long least;
  private final long most;

  WholeNumberType(long least, long most) {
    this.least = least;
    this.most = most;
  }

  @Override
  public String expected() {
    if (most >= Integer.MAX_VALUE) {
      return least == 0 ? "a whole number" : "a whole number from " + least + " up";
    }
    return "a whole number from " + least + " to " + most;
  }

  @Override
  public Long read(Expression e, Reading reading) {
    Value value;
    if (e instanceof Expression.NumberLiteral literal && literal.isInteger()) {
      // Read from the text: a seed may need more digits than a double has.
      try {
        return bounded(Long.parseLong(literal.text()), e, reading);
      } catch (NumberFormatException tooLarge) {
        throw reading.fault(e, "expected " + expected() + ", found a larger one", null);
      }
    } else {
      value = reading.value(e);
    }
    if (!(value instanceof NumberValue number)) {
      return null;
    }
    if (number.value() != Math.rint(number.value()) || Math.abs(number.value()) > 1L << 53) {
      throw reading.fault(e, "expected " + expected() + ", found " + number, null);
    }
    return bounded((long) number.value(), e, reading);
  }

  private long bounded(long value, Expression e, Reading reading) {
    if (value < least || value > most) {
      throw reading.fault(e, "expected " + expected() + ", found " + value, null);
    }
    return value;
  }

  Integer asInt(Expression e, Reading reading) {
    Long value = read(e, reading);
    return value == null ? null : Integer.valueOf(Math.toIntExact(value));
  }

  @Override
  public ArgumentForm form() {
    return ArgumentForm.NUMBER;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.NUMBER || kind == ValueKind.ANY;
  }
}
