package org.zlens.dsl.command.builtin;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.dsl.session.Cells;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The tokens of one prompt along both sides of a grid, as of an attention pattern. */
final class TokenGrid {
  private static final String SOURCE = "source";
  private static final String POSITION = "position";

  private TokenGrid() {}

  /**
   * Names of what is looked at and of what looks, where the rows of a table are pairs of these and
   * more than one looks; else none.
   */
  static List<Column<?>> of(Table table) {
    Column<?> source = Cells.find(table, SOURCE);
    Column<?> position = Cells.find(table, POSITION);
    Column<?> token = Cells.find(table, "token");
    if (!(source instanceof NumericColumn<?> across)
        || !(position instanceof NumericColumn<?> down)
        || token == null
        || position.countUnique() < 2) {
      return List.of();
    }
    Map<Double, String> tokens = new HashMap<>();
    Set<List<Double>> pairs = new HashSet<>();
    for (int row = 0; row < table.rowCount(); row++) {
      double at = across.getDouble(row);
      String here = token.getUnformattedString(row);
      String before = tokens.put(at, here);
      if (before != null && !before.equals(here) || !pairs.add(List.of(at, down.getDouble(row)))) {
        return List.of();
      }
    }
    return List.of(named(across, tokens), named(down, tokens));
  }

  private static StringColumn named(NumericColumn<?> places, Map<Double, String> tokens) {
    StringColumn names = StringColumn.create(places.name());
    for (int row = 0; row < places.size(); row++) {
      double at = places.getDouble(row);
      names.append((long) at + ":" + tokens.getOrDefault(at, ""));
    }
    return names;
  }
}
