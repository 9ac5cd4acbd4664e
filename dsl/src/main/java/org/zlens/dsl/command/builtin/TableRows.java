package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Evaluator;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Rows of a table, each of which expressions can be evaluated on: columns are names there. */
final class TableRows {
  /** What table verbs work on; trees, graphs and prompt sets have a table each. */
  static final ValueKind[] TABULAR = {
    ValueKind.TABLE, ValueKind.TREE, ValueKind.GRAPH, ValueKind.PROMPTS, ValueKind.TENSOR
  };

  private final TableValue value;
  private final Session session;
  private final int[] rows;

  /** All rows of a value that is or has a table. */
  TableRows(Value value, Session session) {
    this(table(value), session, null);
  }

  private TableRows(TableValue value, Session session, int[] rows) {
    this.value = value;
    this.session = session;
    this.rows = rows == null ? IntStream.range(0, value.table().rowCount()).toArray() : rows;
  }

  private static TableValue table(Value value) {
    TableValue table = Cells.tableOf(value);
    if (table == null) {
      throw new ZlensException(Kind.TYPE, "expected a table, found " + value.kind().phrase(), null);
    }
    return table;
  }

  /** Some of these rows, by their numbers among these; functions of columns see no others. */
  TableRows some(int[] some) {
    return new TableRows(value, session, IntStream.of(some).map(i -> rows[i]).toArray());
  }

  TableValue value() {
    return value;
  }

  int count() {
    return rows.length;
  }

  /** The value of an expression in each row. */
  List<Value> evaluate(Expression expression) {
    RowNames names = names();
    Evaluator evaluator = new Evaluator(names);
    List<Value> values = new ArrayList<>(rows.length);
    for (int row : rows) {
      names.moveTo(row);
      values.add(evaluator.evaluate(expression));
    }
    return values;
  }

  /** The one value that an expression of functions such as {@code mean(delta)} has for all rows. */
  Value evaluateWhole(Expression expression) {
    RowNames names = names();
    names.forbidCells();
    return new Evaluator(names).evaluate(expression);
  }

  /** The rows that a condition holds in. */
  int[] matching(Expression condition) {
    RowNames names = names();
    Evaluator evaluator = new Evaluator(names);
    return IntStream.range(0, rows.length)
        .filter(
            i -> {
              names.moveTo(rows[i]);
              return evaluator.test(condition);
            })
        .toArray();
  }

  /** The column of a name; without one, an error with near names. */
  Column<?> column(String name) {
    Column<?> column = Cells.find(value.table(), name);
    if (column == null) {
      throw new ZlensException(
          Kind.NAME, "no column '" + name + "' in this table", names().hint(name));
    }
    return column;
  }

  /** A column of these rows: one that there is, else one of values worked out. */
  Column<?> make(NamedColumn one) {
    Expression expression = one.expression();
    if (expression instanceof Expression.Word word) {
      try {
        return column(word.text()).subset(rows).setName(one.name());
      } catch (ZlensException e) {
        throw new Fault(e.kind(), word.span(), e.getMessage(), e.hint());
      }
    }
    return ValueColumn.of(one.name(), evaluate(expression), expression.span());
  }

  /** A table of these rows in this order. */
  TableValue take(int[] some) {
    Table table = Table.create(value.table().name());
    int[] taken = some(some).rows;
    for (Column<?> column : value.table().columns()) {
      table.addColumns(column.subset(taken));
    }
    return value.with(table);
  }

  private RowNames names() {
    return new RowNames(value.table(), session, rows);
  }
}
