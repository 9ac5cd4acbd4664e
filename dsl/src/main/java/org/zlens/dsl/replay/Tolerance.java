package org.zlens.dsl.replay;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When two cells count as the same. Numbers do when they differ by at most the tolerance, or, where
 * the recorded one is above 1, by at most the tolerance times it; whole numbers, texts and missing
 * cells must be the same. Decimal numbers within texts are compared as numbers.
 */
record Tolerance(double most) {
  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,20}\\.[0-9]{1,20}(?:[eE][-+]?[0-9]{1,3})?");

  boolean same(Object recorded, Object now) {
    if (recorded instanceof Number a && now instanceof Number b) {
      return now instanceof Long && recorded instanceof Long
          ? a.longValue() == b.longValue()
          : same(a.doubleValue(), b.doubleValue());
    }
    if (now instanceof Double number && !Double.isFinite(number)) {
      return number.toString().equals(recorded);
    }
    if (recorded instanceof String a && now instanceof String b) {
      return sameText(a, b);
    }
    return Objects.equals(recorded, now);
  }

  private boolean same(double recorded, double now) {
    return Math.abs(now - recorded) <= most * Math.max(1, Math.abs(recorded));
  }

  private boolean sameText(String recorded, String now) {
    if (recorded.equals(now)) {
      return true;
    }
    Matcher a = DECIMAL.matcher(recorded);
    Matcher b = DECIMAL.matcher(now);
    int endA = 0;
    int endB = 0;
    while (a.find()) {
      if (!b.find()
          || !recorded.substring(endA, a.start()).equals(now.substring(endB, b.start()))
          || !same(Double.parseDouble(a.group()), Double.parseDouble(b.group()))) {
        return false;
      }
      endA = a.end();
      endB = b.end();
    }
    return recorded.substring(endA).equals(now.substring(endB));
  }
}
