package org.zlens.dsl.save;

import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.ShortColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

/** What the cells of a column are, as files say it in lower case. */
enum CellType {
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  BOOLEAN,
  TEXT;

  /** That of a column. */
  static CellType of(Column<?> column) {
    if (column instanceof IntColumn || column instanceof ShortColumn) {
      return INT;
    } else if (column instanceof LongColumn) {
      return LONG;
    } else if (column instanceof FloatColumn) {
      return FLOAT;
    } else if (column instanceof NumericColumn<?>) {
      return DOUBLE;
    }
    return column instanceof BooleanColumn ? BOOLEAN : TEXT;
  }

  /** An empty column of this type. */
  Column<?> column(String name) {
    return switch (this) {
      case INT -> IntColumn.create(name);
      case LONG -> LongColumn.create(name);
      case FLOAT -> FloatColumn.create(name);
      case DOUBLE -> DoubleColumn.create(name);
      case BOOLEAN -> BooleanColumn.create(name);
      case TEXT -> StringColumn.create(name);
    };
  }

  /**
   * Adds a cell to a column of this type; null is a missing one. A text that is none of this type
   * is an {@link IllegalArgumentException}.
   */
  void append(Column<?> column, String cell) {
    if (cell == null || cell.isEmpty()) {
      column.appendMissing();
      return;
    }
    switch (this) {
      case INT -> ((IntColumn) column).append(Integer.parseInt(cell));
      case LONG -> ((LongColumn) column).append(Long.parseLong(cell));
      case FLOAT -> ((FloatColumn) column).append(Float.parseFloat(cell));
      case DOUBLE -> ((DoubleColumn) column).append(Double.parseDouble(cell));
      case BOOLEAN -> ((BooleanColumn) column).append(truth(cell));
      case TEXT -> ((StringColumn) column).append(cell);
    }
  }

  private static boolean truth(String cell) {
    if (!cell.equals("true") && !cell.equals("false")) {
      throw new IllegalArgumentException(cell);
    }
    return cell.equals("true");
  }
}
