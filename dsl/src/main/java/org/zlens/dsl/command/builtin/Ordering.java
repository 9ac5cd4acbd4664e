package org.zlens.dsl.command.builtin;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Value;

/** Orders rows by a value of each. */
final class Ordering {
  private Ordering() {}

  /**
   * The rows by their values, the smallest first or last; rows without a value come last, and rows
   * of equal value keep their order.
   */
  static int[] rows(List<Value> values, boolean descending) {
    Comparator<Value> present = Ordering::compare;
    Comparator<Integer> order =
        Comparator.comparing(
            (Integer row) -> values.get(row),
            (a, b) -> {
              boolean noA = isMissing(a);
              boolean noB = isMissing(b);
              return noA || noB
                  ? Boolean.compare(noA, noB)
                  : descending ? present.compare(b, a) : present.compare(a, b);
            });
    return IntStream.range(0, values.size()).boxed().sorted(order).mapToInt(i -> i).toArray();
  }

  private static boolean isMissing(Value value) {
    return value == NothingValue.NOTHING
        || value instanceof NumberValue number && Double.isNaN(number.value());
  }

  private static int compare(Value a, Value b) {
    if (a instanceof NumberValue x && b instanceof NumberValue y) {
      return Double.compare(x.value(), y.value());
    }
    return a.toString().compareTo(b.toString());
  }
}
