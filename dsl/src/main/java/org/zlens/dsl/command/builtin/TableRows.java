package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Evaluator;
import org.zlens.dsl.session.Names;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The rows of a table, each of which expressions can be evaluated on: columns are names there. */
final class TableRows {
  /** What table verbs work on; trees and prompt sets have a table each. */
  static final ValueKind[] TABULAR = {
    ValueKind.TABLE, ValueKind.TREE, ValueKind.PROMPTS, ValueKind.TENSOR
  };

  private final TableValue value;
  private final Session session;
  private int row;

  TableRows(Value value, Session session) {
    TableValue table = Cells.tableOf(value);
    if (table == null) {
      throw new ZlensException(Kind.TYPE, "expected a table, found " + value.kind().phrase(), null);
    }
    this.value = table;
    this.session = session;
  }

  int count() {
    return value.table().rowCount();
  }

  /** The value of an expression in each row. */
  List<Value> evaluate(Expression expression) {
    Evaluator evaluator = new Evaluator(names());
    List<Value> values = new ArrayList<>(count());
    for (row = 0; row < count(); row++) {
      values.add(evaluator.evaluate(expression));
    }
    return values;
  }

  /** The rows that a condition holds in. */
  int[] matching(Expression condition) {
    Evaluator evaluator = new Evaluator(names());
    List<Integer> found = new ArrayList<>();
    for (row = 0; row < count(); row++) {
      if (evaluator.test(condition)) {
        found.add(row);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The column of a name; without one, an error with near names. */
  Column<?> column(String name) {
    Column<?> column = Cells.find(value.table(), name);
    if (column == null) {
      throw new ZlensException(
          Kind.NAME, "no column '" + name + "' in this table", columnHint(name));
    }
    return column;
  }

  /** A table of these rows in this order. */
  TableValue take(int[] rows) {
    Table table = Table.create(value.table().name());
    for (Column<?> column : value.table().columns()) {
      table.addColumns(column.subset(rows));
    }
    return value.with(table);
  }

  /** A table of these columns. */
  TableValue take(List<? extends Column<?>> columns) {
    Table table = Table.create(value.table().name());
    columns.forEach(column -> table.addColumns(column.copy()));
    return value.with(table);
  }

  private Names names() {
    return new Names() {
      @Override
      public Value word(String name) {
        Value cell = whole(name);
        return cell != null ? cell : variable(name);
      }

      @Override
      public Value variable(String name) {
        return name.equals("_") ? session.last() : session.variables().get(name);
      }

      @Override
      public Value whole(String text) {
        Column<?> column = Cells.find(value.table(), text);
        return column == null ? null : Cells.value(column, row);
      }

      @Override
      public String hint(String name) {
        return columnHint(name);
      }
    };
  }

  private String columnHint(String name) {
    List<String> names = value.table().columnNames();
    return Suggestion.didYouMean(name, names, Cells.columnsHint(names));
  }
}
