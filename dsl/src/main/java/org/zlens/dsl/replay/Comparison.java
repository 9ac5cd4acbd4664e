package org.zlens.dsl.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.zlens.dsl.session.NumberValue;

/**
 * Compares what statements show with what they showed. Rows belong together by their texts where
 * those tell all rows apart, and the others by their order.
 */
final class Comparison {
  private static final String MISSING = "missing";

  private final Tolerance tolerance;
  private final List<Difference> differences = new ArrayList<>();
  private int cells;
  private int line;
  private String statement = "";

  Comparison(double tolerance) {
    this.tolerance = new Tolerance(tolerance);
  }

  List<Difference> differences() {
    return differences;
  }

  /** How many cells were compared. */
  int cells() {
    return cells;
  }

  /** Compares all that one statement showed. */
  void compare(int atLine, String text, List<Shown> recorded, List<Shown> now) {
    line = atLine;
    statement = text;
    for (int i = 0; i < Math.max(recorded.size(), now.size()); i++) {
      if (i >= now.size()) {
        add(i, 0, "value", recorded.get(i).kind(), MISSING);
      } else if (i >= recorded.size()) {
        add(i, 0, "value", MISSING, now.get(i).kind());
      } else {
        compare(i, recorded.get(i), now.get(i));
      }
    }
  }

  /** Notes that a statement ended otherwise than when it was recorded. */
  void fail(int atLine, String text, String now) {
    line = atLine;
    statement = text;
    add(0, 0, "outcome", "done", now);
  }

  private void compare(int value, Shown recorded, Shown now) {
    check(value, 0, "kind", recorded.kind(), now.kind());
    check(value, 0, "title", recorded.title(), now.title());
    for (String column : recorded.columns()) {
      if (!now.columns().contains(column)) {
        add(value, 0, column, "a column", MISSING);
      }
    }
    for (String column : now.columns()) {
      if (!recorded.columns().contains(column)) {
        add(value, 0, column, MISSING, "a column");
      }
    }
    rows(value, recorded, now);
    for (int i = 0; i < Math.max(recorded.notes().size(), now.notes().size()); i++) {
      check(value, 0, "note", at(recorded.notes(), i), at(now.notes(), i));
    }
  }

  private void rows(int value, Shown recorded, Shown now) {
    Map<List<Object>, Integer> after = keys(now);
    boolean keyed = after != null && keys(recorded) != null;
    Deque<Integer> others = new ArrayDeque<>();
    for (int row = 0; row < now.rows().size(); row++) {
      others.add(row);
    }
    int[] partners = new int[recorded.rows().size()];
    for (int row = 0; row < partners.length; row++) {
      Integer partner = keyed ? after.get(key(recorded.rows().get(row))) : null;
      partners[row] = partner == null ? -1 : partner;
      others.remove(partner);
    }
    for (int row = 0; row < partners.length; row++) {
      // What no name brings together stands in the same order, as far as it goes.
      Integer partner = partners[row] >= 0 ? Integer.valueOf(partners[row]) : others.poll();
      if (partner == null) {
        add(value, row + 1, "row", text(recorded.rows().get(row)), MISSING);
      } else {
        cells(value, row, recorded, now, now.rows().get(partner));
      }
    }
    others.forEach(row -> add(value, row + 1, "row", MISSING, text(now.rows().get(row))));
  }

  private void cells(int value, int row, Shown recorded, Shown now, List<Object> found) {
    for (int i = 0; i < recorded.columns().size(); i++) {
      int column = now.columns().indexOf(recorded.columns().get(i));
      if (column >= 0) {
        check(
            value,
            row + 1,
            recorded.columns().get(i),
            recorded.rows().get(row).get(i),
            found.get(column));
      }
    }
  }

  /** The number of each row by what names it; null where two rows have the same name. */
  private static Map<List<Object>, Integer> keys(Shown shown) {
    Map<List<Object>, Integer> keys = new HashMap<>();
    for (int row = 0; row < shown.rows().size(); row++) {
      if (keys.put(key(shown.rows().get(row)), row) != null) {
        return null;
      }
    }
    return keys;
  }

  private static List<Object> key(List<Object> cells) {
    return cells.stream().filter(cell -> cell instanceof String).toList();
  }

  private void check(int value, int row, String column, Object recorded, Object now) {
    cells++;
    if (!tolerance.same(recorded, now)) {
      double size =
          recorded instanceof Number a && now instanceof Number b
              ? b.doubleValue() - a.doubleValue()
              : Double.NaN;
      differences.add(
          new Difference(line, statement, value + 1, row, column, text(recorded), text(now), size));
    }
  }

  private void add(int value, int row, String column, String recorded, String now) {
    cells++;
    differences.add(
        new Difference(line, statement, value + 1, row, column, recorded, now, Double.NaN));
  }

  private static Object at(List<String> texts, int index) {
    return index < texts.size() ? texts.get(index) : null;
  }

  private static String text(List<Object> cells) {
    return cells.stream().map(Comparison::text).collect(Collectors.joining(", "));
  }

  private static String text(Object cell) {
    return cell instanceof Double number
        ? NumberValue.format(number)
        : Objects.requireNonNullElse(cell, MISSING).toString();
  }
}
