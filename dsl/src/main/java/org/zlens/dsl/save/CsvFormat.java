package org.zlens.dsl.save;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Comma-separated values as RFC 4180 has them, with names in the first line. */
public final class CsvFormat implements SaveFormat {
  static final Set<ValueKind> TABULAR =
      EnumSet.of(ValueKind.TABLE, ValueKind.TREE, ValueKind.PROMPTS);

  @Override
  public String ending() {
    return ".csv";
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return TABULAR.contains(kind);
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    TableValue table = Cells.tableOf(value);
    SavedText.write(path, writer -> write(table, ',', writer));
    return table.table().rowCount() + " rows";
  }

  /**
   * Writes a table with some separator. Numbers have all their digits; a missing cell is empty.
   *
   * @param separator a comma, or a tab for tsv
   */
  public static void write(TableValue value, char separator, Appendable out) throws IOException {
    Table table = value.table();
    for (int column = 0; column < table.columnCount(); column++) {
      start(column, separator, out);
      cell(table.column(column).name(), separator, out);
    }
    out.append('\n');
    for (int row = 0; row < table.rowCount(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        start(column, separator, out);
        cell(text(table.column(column), row), separator, out);
      }
      out.append('\n');
    }
  }

  private static void start(int column, char separator, Appendable out) throws IOException {
    if (column > 0) {
      out.append(separator);
    }
  }

  private static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    } else if (column instanceof FloatColumn floats) {
      return Float.toString(floats.getFloat(row));
    } else if (column instanceof NumericColumn<?> numbers) {
      double number = numbers.getDouble(row);
      boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
      return whole ? Long.toString((long) number) : Double.toString(number);
    }
    return column.getUnformattedString(row);
  }

  private static void cell(String text, char separator, Appendable out) throws IOException {
    boolean quoted =
        text.indexOf(separator) >= 0
            || text.indexOf('"') >= 0
            || text.indexOf('\n') >= 0
            || text.indexOf('\r') >= 0;
    out.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }
}
