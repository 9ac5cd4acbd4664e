package org.zlens.repl.output;

import java.io.IOException;
import java.util.stream.Collectors;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.Table;

/** Comma-separated values as RFC 4180 has them, with a header; an empty line between results. */
final class CsvPrinter implements OutputPrinter {
  private boolean first = true;

  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    if (!first) {
      page.out().append('\n');
    }
    first = false;
    Table table = ExactCells.table(value);
    page.out()
        .append(
            table.columnNames().stream().map(CsvPrinter::quote).collect(Collectors.joining(",")))
        .append('\n');
    for (int row = 0; row < table.rowCount(); row++) {
      for (int i = 0; i < table.columnCount(); i++) {
        page.out().append(i == 0 ? "" : ",").append(quote(ExactCells.text(table.column(i), row)));
      }
      page.out().append('\n');
    }
  }

  private static String quote(String cell) {
    boolean plain =
        cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
