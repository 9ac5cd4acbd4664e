package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.session.Names;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What names stand for in one row of a table after the other: cells first, then variables. */
final class RowNames implements Names {
  private final Table table;
  private final Session session;
  private final int[] rows;
  private final Map<Expression.Function, Value> aggregates = new IdentityHashMap<>();
  private int row;
  private boolean sawCell;
  private boolean forbidden;

  /**
   * @param rows those that functions of whole columns see
   */
  RowNames(Table table, Session session, int[] rows) {
    this.table = table;
    this.session = session;
    this.rows = rows;
  }

  void moveTo(int number) {
    row = number;
  }

  /** From here on a cell may be named only in functions that take all rows together. */
  void forbidCells() {
    forbidden = true;
  }

  @Override
  public Value word(String name) {
    Value cell = cell(name);
    return cell != null ? cell : variable(name);
  }

  @Override
  public Value variable(String name) {
    return name.equals("_") ? session.last() : session.variables().get(name);
  }

  @Override
  public Value whole(Supplier<String> text) {
    return cell(text.get());
  }

  private Value cell(String text) {
    Column<?> column = Cells.find(table, text);
    if (column == null) {
      return null;
    }
    if (forbidden) {
      throw new ZlensException(
          Kind.TYPE,
          "column '" + text + "' has a cell for each row of a group, and one value is wanted",
          "say which: mean(x), max(x), first(x); or make it a key of its own");
    }
    sawCell = true;
    return Cells.value(column, row);
  }

  @Override
  public Value aggregate(Expression.Function function, Supplier<Value> operand) {
    Value known = aggregates.get(function);
    if (known != null) {
      return known;
    }
    int here = row;
    boolean before = sawCell;
    boolean outer = forbidden;
    forbidden = false;
    sawCell = function.operands().isEmpty();
    try {
      List<Value> values = new ArrayList<>(rows.length);
      for (int each : rows) {
        row = each;
        values.add(operand.get());
        if (!sawCell) {
          // It is about something else than these rows: mean(t.delta).
          return null;
        }
      }
      Value made = Functions.aggregate(function, values);
      aggregates.put(function, made);
      return made;
    } finally {
      row = here;
      sawCell |= before;
      forbidden = outer;
    }
  }

  @Override
  public String hint(String name) {
    List<String> names = table.columnNames();
    return Suggestion.didYouMean(name, names, Cells.columnsHint(names));
  }
}
