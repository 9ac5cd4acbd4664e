package org.zlens.engine.report;

import java.util.Locale;

/** Numbers of three digits, as pages show them; there are thousands on a page. */
final class ShortNumber {
  private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};

  private ShortNumber() {}

  /** For example {@code 0.0123}, {@code 4.5}, {@code 1230} or {@code 1.2e-7}. */
  static String of(double number) {
    return of(number, true);
  }

  /** The same with zeros at the end, for numbers that stand below each other: {@code 4.50}. */
  static String aligned(double number) {
    return of(number, false);
  }

  private static String of(double number, boolean shortened) {
    double size = Math.abs(number);
    if (size == 0) {
      return "0";
    }
    if (!(size >= 1e-4 && size < 1e9)) {
      return String.format(Locale.ROOT, "%.3g", number);
    }
    int decimals = 0;
    while (decimals < POWERS.length - 1 && size * POWERS[decimals] < 99.95) {
      decimals++;
    }
    long digits = Math.round(size * POWERS[decimals]);
    while (shortened && decimals > 0 && digits % 10 == 0) {
      digits /= 10;
      decimals--;
    }
    StringBuilder text = new StringBuilder(number < 0 ? "-" : "");
    long unit = (long) POWERS[decimals];
    text.append(digits / unit);
    if (decimals > 0) {
      String rest = Long.toString(digits % unit + unit);
      text.append('.').append(rest, 1, rest.length());
    }
    return text.toString();
  }
}
