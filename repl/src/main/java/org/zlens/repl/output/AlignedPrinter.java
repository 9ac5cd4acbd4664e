package org.zlens.repl.output;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.zlens.dsl.diagnostic.DisplayWidth;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;

/** Tables in columns, trees with branches, everything else as a sentence would have it. */
final class AlignedPrinter implements OutputPrinter {
  private static final String GAP = "  ";

  @Override
  public boolean isForPeople() {
    return true;
  }

  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    if (value instanceof TreeValue tree) {
      print(TreeGrid.of(tree, page.rows()), Optional.empty(), page);
      return;
    }
    if (value instanceof StripsValue strips) {
      StripsPrinter.print(strips, page);
      return;
    }
    TableValue table = Cells.tableOf(value);
    if (table != null) {
      Grid grid = Grid.of(table, page.rows());
      print(grid, grid.hidden() > 0 ? Optional.empty() : line(table, page), page);
    } else if (value instanceof PageValue written) {
      page.out().append(written.title()).append(": ").append(Scalars.text(value)).append('\n');
    } else {
      page.out().append(Scalars.withUnit(value)).append('\n');
    }
  }

  /** A picture of a small table where a person sees it. */
  private static Optional<String> line(TableValue table, Page page) {
    return page.color() ? Sparkline.of(table, page.width()) : Optional.empty();
  }

  private static void print(Grid grid, Optional<String> picture, Page page) throws IOException {
    Appendable out = page.out();
    if (!grid.title().isEmpty()) {
      out.append(grid.title()).append('\n');
    }
    Fitting fitting = Fitting.of(grid.columns(), page.width(), GAP.length());
    if (fitting.shown() > 0) {
      out.append(line(grid, fitting, -1)).append('\n');
      StringBuilder rule = new StringBuilder();
      for (int i = 0; i < fitting.shown(); i++) {
        rule.append(i == 0 ? "" : GAP).append("-".repeat(fitting.widths()[i]));
      }
      out.append(rule).append('\n');
      for (int row = 0; row < grid.rows(); row++) {
        String line = line(grid, fitting, row);
        out.append(page.color() ? grid.paint(row, line) : line).append('\n');
      }
    }
    if (picture.isPresent()) {
      out.append(picture.get()).append('\n');
    }
    if (fitting.shown() < grid.columns().size()) {
      List<String> rest =
          grid.columns().subList(fitting.shown(), grid.columns().size()).stream()
              .map(GridColumn::header)
              .toList();
      out.append("no room for ").append(String.join(", ", rest));
      out.append("; 'set format vertical' shows all\n");
    }
    for (String line : grid.footer()) {
      out.append(line).append('\n');
    }
  }

  /** One row, or the headers for row -1. */
  private static String line(Grid grid, Fitting fitting, int row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fitting.shown(); i++) {
      GridColumn column = grid.columns().get(i);
      String text = row < 0 ? column.header() : column.cells().get(row);
      String shown = Fitting.clip(text, fitting.widths()[i]);
      String blank = " ".repeat(fitting.widths()[i] - DisplayWidth.of(shown));
      line.append(i == 0 ? "" : GAP);
      line.append(column.right() ? blank + shown : shown + blank);
    }
    return line.toString().stripTrailing();
  }
}
