package org.zlens.repl.output;

import java.util.Locale;

/**
 * One number format for a whole column, so that its points stand below each other: enough digits to
 * tell four of the largest value apart, whole numbers without a point.
 */
record Digits(String pattern) {
  private static final int MOST_DECIMALS = 8;

  static Digits of(double[] values) {
    double largest = 0;
    boolean whole = true;
    for (double value : values) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
        whole &= value == Math.rint(value);
      }
    }
    if (whole && largest < 1e15) {
      return new Digits("%.0f");
    }
    if (largest >= 1e7) {
      return new Digits("%.3e");
    }
    int before = largest == 0 ? 1 : (int) Math.floor(Math.log10(largest)) + 1;
    int decimals = before >= 4 ? 2 : before > 0 ? 3 : 4 - before;
    return new Digits(decimals > MOST_DECIMALS ? "%.3e" : "%." + decimals + "f");
  }

  String format(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    String text = String.format(Locale.ROOT, pattern, value);
    // A negative number too small to show is zero, and a zero has no sign.
    return text.startsWith("-") && text.chars().allMatch(c -> "-0.".indexOf(c) >= 0)
        ? text.substring(1)
        : text;
  }
}
