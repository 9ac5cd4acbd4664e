package org.zlens.repl.output;

import java.io.IOException;
import org.zlens.dsl.diagnostic.DisplayWidth;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;

/** Each row as a block of lines, one for each column: for tables wider than the terminal. */
final class VerticalPrinter implements OutputPrinter {
  @Override
  public boolean isForPeople() {
    return true;
  }

  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    TableValue table = Cells.tableOf(value);
    Appendable out = page.out();
    if (table == null) {
      out.append(Scalars.withUnit(value)).append('\n');
      return;
    }
    Grid grid = Grid.of(table, page.rows());
    if (!grid.title().isEmpty()) {
      out.append(grid.title()).append('\n');
    }
    int width = grid.columns().stream().mapToInt(c -> DisplayWidth.of(c.header())).max().orElse(0);
    for (int row = 0; row < grid.rows(); row++) {
      out.append("-- row ").append(Integer.toString(row + 1)).append('\n');
      for (GridColumn column : grid.columns()) {
        out.append(" ".repeat(width - DisplayWidth.of(column.header())));
        out.append((column.header() + ": " + column.cells().get(row)).stripTrailing());
        out.append('\n');
      }
    }
    for (String line : grid.footer()) {
      out.append(line).append('\n');
    }
  }
}
