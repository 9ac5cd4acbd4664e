package org.zlens.repl.output;

import java.io.IOException;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;

/** Tables as Markdown has them, whole, for notes and issues. */
final class MarkdownPrinter implements OutputPrinter {
  @Override
  public boolean isForPeople() {
    return true;
  }

  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    TableValue table = Cells.tableOf(value);
    Appendable out = page.out();
    if (table == null) {
      out.append(escape(Scalars.withUnit(value))).append("\n\n");
      return;
    }
    Grid grid = Grid.of(table, Integer.MAX_VALUE);
    if (!grid.title().isEmpty()) {
      out.append("**").append(escape(grid.title())).append("**\n\n");
    }
    StringBuilder headers = new StringBuilder("|");
    StringBuilder rule = new StringBuilder("|");
    for (GridColumn column : grid.columns()) {
      headers.append(' ').append(escape(column.header())).append(" |");
      rule.append(column.right() ? " ---: |" : " --- |");
    }
    out.append(headers).append('\n').append(rule).append('\n');
    for (int row = 0; row < grid.rows(); row++) {
      out.append('|');
      for (GridColumn column : grid.columns()) {
        out.append(' ').append(escape(column.cells().get(row))).append(" |");
      }
      out.append('\n');
    }
    for (String line : grid.footer()) {
      out.append('\n').append(escape(line)).append('\n');
    }
    out.append('\n');
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("`", "\\`");
  }
}
