package org.zlens.dsl.command.builtin;

/** Texts in order, runs of digits in them by the numbers that they are. */
final class NaturalOrder {
  private NaturalOrder() {}

  /** Negative, zero or positive as the first text comes before, is, or comes after the second. */
  static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = endOfDigits(a, i);
      int endB = endOfDigits(b, j);
      int order =
          endA > i && endB > j
              ? compareDigits(a.substring(i, endA), b.substring(j, endB))
              : Character.compare(a.charAt(i), b.charAt(j));
      if (order != 0) {
        return order;
      }
      i = Math.max(endA, i + 1);
      j = Math.max(endB, j + 1);
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    // 07 and 7 are one number, and still two texts.
    return order != 0 ? order : a.compareTo(b);
  }

  private static int compareDigits(String a, String b) {
    String x = a.replaceFirst("^0+", "");
    String y = b.replaceFirst("^0+", "");
    int order = Integer.compare(x.length(), y.length());
    return order != 0 ? order : x.compareTo(y);
  }

  private static int endOfDigits(String text, int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
