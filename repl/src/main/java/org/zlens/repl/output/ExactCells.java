package org.zlens.repl.output;

import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Tables for programs: every row, every digit. */
final class ExactCells {
  private ExactCells() {}

  /** The table of a value; one cell named {@code value} for a value that is none. */
  static Table table(Value value) {
    TableValue table = Cells.tableOf(value);
    return table != null
        ? table.table()
        : Table.create("", StringColumn.create("value", Scalars.text(value)));
  }

  /** The cell as text from which the number can be read back; empty where it is missing. */
  static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    if (column instanceof FloatColumn floats) {
      return Float.toString(floats.getFloat(row));
    }
    if (column instanceof NumericColumn<?> numbers) {
      double value = numbers.getDouble(row);
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }
    return column.getUnformattedString(row);
  }
}
