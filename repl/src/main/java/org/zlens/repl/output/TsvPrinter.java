package org.zlens.repl.output;

import java.io.IOException;
import java.util.stream.Collectors;
import org.zlens.dsl.save.CsvFormat;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.Table;

/** Tab-separated values with a header; tabs and line breaks in cells as backslash escapes. */
final class TsvPrinter implements OutputPrinter {
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
            table.columnNames().stream().map(TsvPrinter::escape).collect(Collectors.joining("\t")))
        .append('\n');
    for (int row = 0; row < table.rowCount(); row++) {
      for (int i = 0; i < table.columnCount(); i++) {
        page.out().append(i == 0 ? "" : "\t").append(escape(CsvFormat.exact(table.column(i), row)));
      }
      page.out().append('\n');
    }
  }

  private static String escape(String cell) {
    return cell.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}
