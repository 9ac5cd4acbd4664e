package org.zlens.dsl.session;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in strings with holes, in the formats that Python's have. */
final class NumberFormats {
  private NumberFormats() {}

  /**
   * A number as a format has it: {@code .3f} three digits after the point, {@code .3e} with a power
   * of ten, {@code .3g} three digits in all, {@code .1%} in per cent; {@code +} shows every sign.
   */
  static String format(double number, String format) {
    boolean signed = format.startsWith("+");
    int digits = Integer.parseInt(format, signed ? 2 : 1, format.length() - 1, 10);
    String text = unsigned(number, digits, format.charAt(format.length() - 1));
    return signed && !text.startsWith("-") && !Double.isNaN(number) ? "+" + text : text;
  }

  private static String unsigned(double number, int digits, char kind) {
    if (!Double.isFinite(number)) {
      return NumberValue.format(number);
    }
    return switch (kind) {
      case 'f' -> fixed(number, digits);
      case 'e' -> String.format(Locale.ROOT, "%." + digits + "e", number);
      case '%' -> fixed(100 * number, digits) + "%";
      default -> general(number, Math.max(digits, 1));
    };
  }

  /** As {@code %.3f} would, which is several times slower. */
  private static String fixed(double number, int digits) {
    return BigDecimal.valueOf(number).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }

  private static String general(double number, int digits) {
    if (number == 0) {
      return "0";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(number).round(new MathContext(digits)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < digits) {
      return rounded.toPlainString();
    }
    String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
