package org.zlens.repl.output;

import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Values as tables for programs. */
final class ExactCells {
  private ExactCells() {}

  /** The table of a value; one cell named {@code value} for a value that is none. */
  static Table table(Value value) {
    TableValue table = Cells.tableOf(value);
    return table != null
        ? table.table()
        : Table.create("", StringColumn.create("value", Scalars.text(value)));
  }
}
