package org.zlens.repl.output;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.syntax.Quoted;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** One column of a {@link Grid}: its header and cells, numbers to stand at the right. */
record GridColumn(String header, boolean right, List<String> cells) {
  static GridColumn of(String header, Column<?> column, int rows) {
    List<String> cells = new ArrayList<>(rows);
    if (column instanceof NumericColumn<?> numbers) {
      double[] values = new double[rows];
      for (int row = 0; row < rows; row++) {
        values[row] = column.isMissing(row) ? Double.NaN : numbers.getDouble(row);
      }
      Digits digits = Digits.of(values);
      for (int row = 0; row < rows; row++) {
        cells.add(column.isMissing(row) ? "" : digits.format(values[row]));
      }
      return new GridColumn(header, true, cells);
    }
    for (int row = 0; row < rows; row++) {
      cells.add(column.isMissing(row) ? "" : Quoted.printable(column.getUnformattedString(row)));
    }
    return new GridColumn(header, false, cells);
  }
}
