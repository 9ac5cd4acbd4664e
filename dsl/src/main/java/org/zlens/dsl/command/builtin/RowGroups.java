package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;

/** Rows of equal keys. */
final class RowGroups {
  private RowGroups() {}

  /**
   * The rows of each group in their order, groups in the order of their first rows. Missing cells
   * are equal to one another, and numbers are equal whatever type their columns have.
   */
  static List<int[]> of(TableRows rows, List<Expression> keys) {
    List<List<Value>> values = keys.stream().map(rows::evaluate).toList();
    Map<List<Value>, List<Integer>> groups = new LinkedHashMap<>();
    for (int row = 0; row < rows.count(); row++) {
      int at = row;
      List<Value> key = values.stream().map(v -> comparable(v.get(at))).toList();
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    return groups.values().stream()
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** The value such that equal ones are the same to a map. */
  static Value comparable(Value value) {
    // Adding zero makes -0 the 0 that it is equal to.
    return value instanceof NumberValue number ? new NumberValue(number.value() + 0.0) : value;
  }
}
