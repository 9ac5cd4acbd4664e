package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;

/** Orders rows by values of each. */
final class Ordering {
  private Ordering() {}

  /**
   * The rows by their keys, the first of which decides; rows without a value come last, and rows of
   * equal values keep their order.
   */
  static int[] rows(TableRows rows, List<SortKey> keys, Session session) {
    Comparator<Integer> order = (a, b) -> 0;
    List<SortKey> resolved = new ArrayList<>();
    keys.forEach(key -> resolved.add(key.resolved(session)));
    for (SortKey key : resolved) {
      List<Value> values = rows.evaluate(key.expression());
      Comparator<Value> present = Ordering::compare;
      order =
          order.thenComparing(
              values::get, lastMissing(key.descending() ? present.reversed() : present));
    }
    return IntStream.range(0, rows.count()).boxed().sorted(order).mapToInt(i -> i).toArray();
  }

  private static Comparator<Value> lastMissing(Comparator<Value> present) {
    return (a, b) -> {
      boolean noA = isMissing(a);
      boolean noB = isMissing(b);
      return noA || noB ? Boolean.compare(noA, noB) : present.compare(a, b);
    };
  }

  private static boolean isMissing(Value value) {
    return value == NothingValue.NOTHING
        || value instanceof NumberValue number && Double.isNaN(number.value());
  }

  private static int compare(Value a, Value b) {
    if (a instanceof NumberValue x && b instanceof NumberValue y) {
      return Double.compare(x.value() + 0.0, y.value() + 0.0);
    }
    return NaturalOrder.compare(a.toString(), b.toString());
  }
}
