package org.zlens.dsl.command.builtin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import tech.tablesaw.api.Table;

/** {@code select}: some columns, and what is worked out of them. */
public final class SelectCommand implements Command {
  private static final Parameter<List<Expression>> COLUMNS =
      Parameter.of(
              "column",
              Types.expression("a column or an expression", "as"),
              "which, in which order, each perhaps with 'as' and a name")
          .many();

  private static final Signature SIGNATURE =
      Signature.verb("select", Group.TABLES, "keep some columns, and work out new ones")
          .details(
              """
              Columns stand in the order given, with or without commas between them. 'as' gives \
              one another name, and a column that is worked out is otherwise named as it is \
              written. What is worked out of a missing cell is missing. A column keeps its unit, \
              and so do sums, differences and multiples of columns of one unit.""")
          .parameters(COLUMNS)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | select name summary", "what each setting is for")
          .example(
              "model sprig; sites | select site, starts(site, \"L1.\") as early",
              "a column that is worked out")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    List<NamedColumn> columns = NamedColumn.read(arguments.get(COLUMNS));
    NamedColumn.refuseTwins(columns);
    ColumnNames names = new ColumnNames(arguments, forecast);
    for (NamedColumn column : columns) {
      if (column.expression() instanceof Expression.Word word) {
        names.checkColumn(word.text(), word);
      } else {
        names.check(column.expression());
      }
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return NamedColumn.names(NamedColumn.read(arguments.get(COLUMNS)));
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    TableValue value = rows.value();
    Table table = Table.create(value.table().name());
    Map<String, String> units = new HashMap<>();
    List<NamedColumn> columns =
        NamedColumn.read(arguments.get(COLUMNS)).stream().map(c -> c.resolved(session)).toList();
    NamedColumn.refuseTwins(columns);
    for (NamedColumn one : columns) {
      table.addColumns(rows.make(one));
      String unit = Units.of(one.expression(), value.units());
      if (unit != null) {
        units.put(one.name(), unit);
      }
    }
    return new TableValue(table, units, value.notes());
  }
}
