package org.zlens.dsl.session;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.syntax.Quoted;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Cells of tables as values of expressions. */
public final class Cells {
  private Cells() {}

  /** The value of one cell. */
  public static Value value(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return NothingValue.NOTHING;
    } else if (column instanceof NumericColumn<?> numbers) {
      return new NumberValue(numbers.getDouble(row));
    } else if (column instanceof BooleanColumn truths) {
      return new TruthValue(truths.get(row));
    }
    return new TextValue(column.getUnformattedString(row));
  }

  /** The column of exactly this name, or null. */
  public static Column<?> find(Table table, String name) {
    // Tablesaw ignores case, which would make two names of one column.
    for (Column<?> column : table.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  /** The table that a value is or has, or null. */
  public static TableValue tableOf(Value value) {
    if (value instanceof TableValue table) {
      return table;
    } else if (value instanceof StripsValue strips) {
      return strips.table();
    } else if (value instanceof TreeValue tree) {
      return tree.table();
    } else if (value instanceof GraphValue graph) {
      return graph.table();
    } else if (value instanceof PromptSetValue prompts) {
      return prompts.table();
    } else if (value instanceof TensorValue tensors) {
      return tensors.summary();
    }
    return null;
  }

  /** The names of the columns of the table that a value is or has. */
  public static Optional<List<String>> columnsOf(Value value) {
    return Optional.ofNullable(tableOf(value)).map(table -> table.table().columnNames());
  }

  /** Which columns there are, as a hint. */
  public static String columnsHint(List<String> names) {
    return names.isEmpty()
        ? "it has no columns"
        : "its columns are " + Quoted.printable(String.join(", ", names));
  }
}
