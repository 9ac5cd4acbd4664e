package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Value;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.columns.Column;

/**
 * Which rows of two tables belong together: those whose keys are equal. A missing key is equal to
 * nothing, not even to another.
 *
 * @param left a row of the left table for each row of the result
 * @param right its partner, or {@link #NONE}
 * @param alone rows of the left table without a partner
 * @param unused rows of the right table without one
 * @param manyToMany keys that several rows have on both sides
 */
record JoinedRows(int[] left, int[] right, int alone, int unused, int manyToMany) {
  /** No partner. */
  static final int NONE = -1;

  private static final int MOST = 20_000_000;

  /**
   * Rows in the order of the left table, partners in the order of the right one.
   *
   * @param keepAll whether rows of the left table without a partner stay
   */
  static JoinedRows of(List<Column<?>> left, List<Column<?>> right, boolean keepAll) {
    Map<List<Value>, List<Integer>> partners = index(right);
    Map<List<Value>, List<Integer>> own = index(left);
    long size = 0;
    int manyToMany = 0;
    int alone = left.get(0).size();
    int unused = right.get(0).size();
    for (Map.Entry<List<Value>, List<Integer>> group : own.entrySet()) {
      List<Integer> found = partners.getOrDefault(group.getKey(), List.of());
      size += (long) group.getValue().size() * found.size();
      manyToMany += group.getValue().size() > 1 && found.size() > 1 ? 1 : 0;
      alone -= found.isEmpty() ? 0 : group.getValue().size();
      unused -= found.size();
    }
    size += keepAll ? alone : 0;
    if (size > MOST) {
      throw new ZlensException(
          Kind.RUNTIME,
          "this join would have " + size + " rows, and a table has at most " + MOST,
          "join on more columns, or 'group' one of the tables first");
    }
    int[] leftRows = new int[(int) size];
    int[] rightRows = new int[(int) size];
    int at = 0;
    for (int row = 0; row < left.get(0).size(); row++) {
      List<Value> key = key(left, row);
      List<Integer> found = key == null ? List.of() : partners.getOrDefault(key, List.of());
      for (int partner : found.isEmpty() && keepAll ? List.of(NONE) : found) {
        leftRows[at] = row;
        rightRows[at++] = partner;
      }
    }
    return new JoinedRows(leftRows, rightRows, alone, unused, manyToMany);
  }

  /** Cells of a column in the order of some rows, missing where there is none. */
  static <T> Column<T> pick(Column<T> column, int[] rows) {
    Column<T> picked = column.emptyCopy();
    for (int row : rows) {
      if (row == NONE) {
        picked.appendMissing();
      } else {
        picked.append(column, row);
      }
    }
    return picked;
  }

  private static Map<List<Value>, List<Integer>> index(List<Column<?>> columns) {
    Map<List<Value>, List<Integer>> index = new HashMap<>();
    for (int row = 0; row < columns.get(0).size(); row++) {
      List<Value> key = key(columns, row);
      if (key != null) {
        index.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
      }
    }
    return index;
  }

  /** The key of a row, or null where a cell of it is missing. */
  private static List<Value> key(List<Column<?>> columns, int row) {
    List<Value> key = new ArrayList<>(columns.size());
    for (Column<?> column : columns) {
      Value cell = Cells.value(column, row);
      if (cell == NothingValue.NOTHING) {
        return null;
      }
      key.add(RowGroups.comparable(cell));
    }
    return key;
  }
}
