package org.zlens.dsl.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.ShortColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A value as a transcript writes it: rows of cells under columns. A cell is a String, a Double, a
 * Long where only whole numbers can stand, a Boolean, or null.
 *
 * <p>Of tables with very many rows, and of tensors, only measures of each column or tensor stand
 * there: mean, root mean square, extremes, and a projection that moves when numbers change places.
 *
 * @param kind the kind of value
 * @param title of a table, a tree or a page; else an empty text
 * @param notes the sentences below it
 */
record Shown(
    String kind, String title, List<String> columns, List<List<Object>> rows, List<String> notes) {
  private static final int MOST_ROWS = 2000;
  private static final List<String> MEASURES =
      List.of("name", "shape", "mean", "rms", "least", "most", "projection");

  static Shown of(Value value) {
    String kind = value.kind().phrase();
    if (value instanceof PageValue page) {
      // Where the page lies is no result.
      return new Shown(kind, page.title(), List.of(), List.of(), List.of());
    }
    if (value instanceof TensorValue tensors) {
      List<List<Object>> rows = new ArrayList<>();
      tensors
          .tensors()
          .forEach(
              (name, data) -> rows.add(measures(name, data.shapeText(), doubles(data.values()))));
      return new Shown(kind, tensors.title(), MEASURES, rows, tensors.notes());
    }
    TableValue table = Cells.tableOf(value);
    if (table == null) {
      Object cell =
          value instanceof NumberValue number ? (Object) number.value() : value.toString();
      return new Shown(kind, "", List.of("value"), List.of(List.of(cell)), List.of());
    }
    return of(kind, table);
  }

  /** Text that a Kotlin script printed, a row for each line. */
  static Shown printed(String text) {
    List<List<Object>> rows = new ArrayList<>();
    text.lines().limit(MOST_ROWS).forEach(line -> rows.add(List.of(line)));
    long more = text.lines().count() - rows.size();
    List<String> notes = more == 0 ? List.of() : List.of(more + " more lines");
    return new Shown("printed text", "", List.of("text"), rows, notes);
  }

  private static Shown of(String kind, TableValue value) {
    Table table = value.table();
    String title = table.name() == null ? "" : table.name();
    List<List<Object>> rows = new ArrayList<>();
    if (table.rowCount() > MOST_ROWS) {
      for (Column<?> column : table.columns()) {
        if (column instanceof NumericColumn<?> numbers) {
          double[] present = ((NumericColumn<?>) numbers.removeMissing()).asDoubleArray();
          rows.add(measures(column.name(), "[" + present.length + "]", present));
        }
      }
      return new Shown(kind, title, MEASURES, rows, value.notes());
    }
    for (int row = 0; row < table.rowCount(); row++) {
      List<Object> cells = new ArrayList<>();
      for (Column<?> column : table.columns()) {
        cells.add(cell(column, row));
      }
      rows.add(cells);
    }
    return new Shown(kind, title, table.columnNames(), rows, value.notes());
  }

  private static Object cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return null;
    } else if (column instanceof IntColumn
        || column instanceof LongColumn
        || column instanceof ShortColumn) {
      return ((Number) column.get(row)).longValue();
    } else if (column instanceof NumericColumn<?> numbers) {
      return numbers.getDouble(row);
    } else if (column instanceof BooleanColumn truths) {
      return truths.get(row);
    }
    return column.getUnformattedString(row);
  }

  private static List<Object> measures(String name, String shape, double[] values) {
    double sum = 0;
    double squares = 0;
    double projection = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i];
      squares += values[i] * values[i];
      projection += values[i] * Math.sin(i + 1.0);
    }
    int count = Math.max(1, values.length);
    return List.of(
        name,
        shape,
        sum / count,
        Math.sqrt(squares / count),
        Arrays.stream(values).min().orElse(0),
        Arrays.stream(values).max().orElse(0),
        projection / Math.sqrt(count));
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
