package org.zlens.dsl.save;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Values with a delimiter between them, quoted as of RFC 4180, with names in the first line. */
public final class CsvFormat implements SaveFormat {
  static final Set<ValueKind> TABULAR =
      EnumSet.of(ValueKind.TABLE, ValueKind.TREE, ValueKind.GRAPH, ValueKind.PROMPTS);

  private final String ending;
  private final char delimiter;

  /** With commas, or another delimiter for another ending. */
  CsvFormat(String ending, char delimiter) {
    this.ending = ending;
    this.delimiter = delimiter;
  }

  @Override
  public String ending() {
    return ending;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return TABULAR.contains(kind);
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    TableValue table = Cells.tableOf(value);
    Sidecar.write(
        path,
        TableHead.of(table),
        provenance,
        temporary -> {
          try (Writer writer = Files.newBufferedWriter(temporary)) {
            write(table.table(), delimiter, writer);
          }
        });
    return table.table().rowCount()
        + " rows; how they came to be: "
        + Quoted.printable(Sidecar.beside(path).getFileName().toString());
  }

  /** Writes a table with commas. Numbers have all their digits; a missing cell is empty. */
  public static void write(Table table, Appendable out) throws IOException {
    write(table, ',', out);
  }

  private static void write(Table table, char delimiter, Appendable out) throws IOException {
    String between = String.valueOf(delimiter);
    out.append(
            table.columnNames().stream()
                .map(name -> quoted(name, delimiter))
                .collect(Collectors.joining(between)))
        .append('\n');
    for (int row = 0; row < table.rowCount(); row++) {
      for (int column = 0; column < table.columnCount(); column++) {
        out.append(column == 0 ? "" : between)
            .append(quoted(exact(table.column(column), row), delimiter));
      }
      out.append('\n');
    }
  }

  /** A cell as text from which the number can be read back; empty where it is missing. */
  public static String exact(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    } else if (column instanceof FloatColumn floats) {
      return Float.toString(floats.getFloat(row));
    } else if (column instanceof LongColumn whole) {
      return Long.toString(whole.getLong(row));
    } else if (column instanceof NumericColumn<?> numbers) {
      double number = numbers.getDouble(row);
      boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
      return whole ? Long.toString((long) number) : Double.toString(number);
    }
    return column.getUnformattedString(row);
  }

  private static String quoted(String cell, char delimiter) {
    boolean plain =
        cell.chars().noneMatch(c -> c == delimiter || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
