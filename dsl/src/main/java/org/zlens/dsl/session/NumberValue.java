package org.zlens.dsl.session;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A number.
 *
 * @param unit what it counts or measures ("nats", "logits"), or null
 */
public record NumberValue(double value, String unit) implements Value {
  private static final MathContext DIGITS = new MathContext(7);

  public NumberValue(double value) {
    this(value, null);
  }

  @Override
  public ValueKind kind() {
    return ValueKind.NUMBER;
  }

  @Override
  public String toString() {
    return format(value);
  }

  /** A number in at most seven digits, as many as a float has, whole numbers without a point. */
  public static String format(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= 1e-4 && size < 1e15 ? rounded.toPlainString() : rounded.toString();
  }
}
