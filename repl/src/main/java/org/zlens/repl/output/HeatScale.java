package org.zlens.repl.output;

/**
 * Backgrounds for numbers: the farther from zero, the stronger; negative ones blue, others red.
 * Zero has none.
 */
record HeatScale(double largest) {
  /** Of the 256 colours that terminals have, from weak to strong. */
  private static final int[] POSITIVE = {230, 223, 216, 209, 202, 196};

  private static final int[] NEGATIVE = {195, 153, 117, 75, 39, 33};
  private static final String RESET = "\u001B[0m";

  /** A text on the background of a number. */
  String paint(String text, double number) {
    int level = level(number);
    if (level == 0) {
      return text;
    }
    int color = (number > 0 ? POSITIVE : NEGATIVE)[level - 1];
    return "\u001B[38;5;16;48;5;" + color + "m" + text + RESET;
  }

  /** Adds the colours from one end to the other to a line, with their numbers. */
  void addTo(WrappedLine line, Digits digits, boolean negative) {
    int steps = POSITIVE.length;
    if (negative) {
      StringBuilder bar = new StringBuilder();
      for (int step = steps; step > 0; step--) {
        bar.append(paint("  ", -largest * step / steps));
      }
      line.add(digits.format(-largest));
      line.add(bar.toString());
    }
    StringBuilder bar = new StringBuilder();
    for (int step = 1; step <= steps; step++) {
      bar.append(paint("  ", largest * step / steps));
    }
    line.add("0");
    line.add(bar.toString());
    line.add(digits.format(largest));
  }

  private int level(double number) {
    if (!(Math.abs(number) > 0) || !(largest > 0)) {
      return 0;
    }
    double share = Double.isInfinite(number) ? 1 : Math.abs(number) / largest;
    return (int) Math.max(1, Math.min(POSITIVE.length, Math.ceil(share * POSITIVE.length - 1e-9)));
  }
}
