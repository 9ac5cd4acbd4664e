package org.zlens.repl.output;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table as text for people: headers with units, and cells with digits that can be compared down a
 * column.
 */
record Grid(String title, List<GridColumn> columns, int rows, int hidden, List<String> notes) {
  /** At most some rows of a table; digits are chosen for the rows that show. */
  static Grid of(TableValue value, int limit) {
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
        value.notes());
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
