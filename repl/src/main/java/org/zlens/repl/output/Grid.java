package org.zlens.repl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Tone;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table as text for people: headers with units, and cells with digits that can be compared down a
 * column.
 *
 * @param tones how good each row is, null where nothing is said of it; empty if of none
 */
record Grid(
    String title,
    List<GridColumn> columns,
    int rows,
    int hidden,
    List<Tone> tones,
    List<String> notes) {
  private static final Map<Tone, String> COLORS =
      Map.of(Tone.GOOD, "\u001B[32m", Tone.DOUBTFUL, "\u001B[33m", Tone.WRONG, "\u001B[31m");

  private static final String RESET = "\u001B[0m";

  /** At most some rows of a table; digits are chosen for the rows that show. */
  static Grid of(TableValue value, int limit) {
    return of(value, limit, List.of());
  }

  static Grid of(TableValue value, int limit, List<Tone> tones) {
    Table table = value.table();
    int rows = Math.min(limit, table.rowCount());
    List<GridColumn> columns = new ArrayList<>();
    for (Column<?> column : table.columns()) {
      String unit = value.units().get(column.name());
      String header = unit == null ? column.name() : column.name() + " [" + unit + "]";
      columns.add(GridColumn.of(header, column, rows));
    }
    return new Grid(
        table.name() == null ? "" : table.name(),
        columns,
        rows,
        table.rowCount() - rows,
        tones,
        value.notes());
  }

  /** A line of a row in the colour that says how good it is. */
  String paint(int row, String line) {
    Tone tone = row < tones.size() ? tones.get(row) : null;
    return tone == null ? line : COLORS.get(tone) + line + RESET;
  }

  /** What stands below the rows: how many are hidden, and the table's notes. */
  List<String> footer() {
    List<String> lines = new ArrayList<>();
    if (hidden > 0) {
      lines.add(
          "... and "
              + hidden
              + (hidden == 1 ? " more row" : " more rows")
              + "; 'set rows "
              + (rows + hidden)
              + "' shows all");
    }
    lines.addAll(notes);
    return lines;
  }
}
