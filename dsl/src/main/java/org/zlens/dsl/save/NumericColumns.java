package org.zlens.dsl.save;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** The columns of a table that formats of numbers can hold. */
final class NumericColumns {
  private final List<NumericColumn<?>> columns = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final int rows;

  NumericColumns(TableValue value) {
    rows = value.table().rowCount();
    for (Column<?> column : value.table().columns()) {
      if (column instanceof NumericColumn<?> numbers) {
        columns.add(numbers);
      } else {
        left.add(column.name());
      }
    }
    if (columns.isEmpty()) {
      throw new ZlensException(
          Kind.DATA,
          "this table has no column of numbers to save as tensors",
          "save it as .csv, .json or .parquet");
    }
  }

  List<NumericColumn<?>> columns() {
    return columns;
  }

  /** A column as floats, missing cells as NaN. */
  static float[] floats(NumericColumn<?> column) {
    float[] values = new float[column.size()];
    for (int row = 0; row < values.length; row++) {
      values[row] = column.isMissing(row) ? Float.NaN : (float) column.getDouble(row);
    }
    return values;
  }

  /** What was saved and what could not be. */
  String note() {
    String saved = columns.size() + " columns of " + rows + " numbers";
    return left.isEmpty()
        ? saved
        : saved + "; left out, being no numbers: " + String.join(", ", left);
  }
}
