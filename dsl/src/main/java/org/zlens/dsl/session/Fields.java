package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.columns.Column;

/** The fields of values: the columns of a table, of a tree's nodes, of a prompt set. */
final class Fields {
  private Fields() {}

  static Value get(Value value, String field, Span span) {
    TableValue table = Cells.tableOf(value);
    if (value == NothingValue.NOTHING) {
      throw new Fault(
          Kind.NAME, span, "there is no result that could have a " + Quoted.of(field), null);
    }
    if (table == null) {
      throw new Fault(
          Kind.TYPE,
          span,
          value.kind().phrase() + " has no field " + Quoted.of(field),
          "tables have fields, one for each column");
    }
    Column<?> column = Cells.find(table.table(), field);
    if (column == null) {
      List<String> names = table.table().columnNames();
      throw new Fault(
          Kind.NAME,
          span,
          "no column " + Quoted.of(field) + " in this table",
          Suggestion.didYouMean(field, names, Cells.columnsHint(names)));
    }
    List<Value> cells = new ArrayList<>(column.size());
    for (int row = 0; row < column.size(); row++) {
      cells.add(Cells.value(column, row));
    }
    return new ListValue(cells, field);
  }
}
