package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import tech.tablesaw.api.Table;

/** {@code group}: one row for each group of rows of equal keys. */
public final class GroupCommand implements Command {
  private static final Parameter<List<Expression>> BY =
      Parameter.after(
              "by",
              "key",
              Types.expression("a column or an expression", "as"),
              "rows with equal keys make a group; all rows are one without it")
          .many()
          .optional();

  private static final List<Parameter<List<Expression>>> AGGREGATES =
      List.of(
          aggregate("mean", "of the cells that are there"),
          aggregate("sum", "of the cells that are there"),
          aggregate("min", "the smallest"),
          aggregate("max", "the largest"),
          aggregate("median", "the middle one"),
          aggregate("sd", "the standard deviation of a sample; missing for a single one"),
          aggregate("first", "the cell of the group's first row"));

  /** Functions that a missing cell is a cell for, or that only tell cells that are there. */
  private static final Set<String> TAKING_ALL = Set.of("count", "first");

  private static final Parameter<Boolean> COUNT =
      Parameter.flag("count", "how many rows the group has");

  private static final Signature SIGNATURE =
      Signature.verb("group", Group.TABLES, "put rows of equal keys together into one row")
          .details(
              """
              Groups come in the order of their first rows, then as many columns as there are keys \
              and aggregates; without aggregates the rows are counted. Each word may be followed by \
              several columns. Aggregates may also stand among the keys as expressions, each \
              perhaps with 'as' and a name: 'group by template, mean(delta) as effect'. Missing \
              keys make a group of their own. Missing cells are left out, and a note tells of them. \
              A column with the name of such a word, say max, or of an aggregate, say mean(delta), is \
              written between back quotes.""")
          .parameters(BY)
          .parameters(AGGREGATES.toArray(Parameter<?>[]::new))
          .parameters(COUNT)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | group by length(name) as letters count", "how long their names are")
          .example(
              """
              model sprig
              dataset ioi n 4
              sweep heads L3 at END | group by order mean effect sd effect count""",
              "the mean effect of the heads in both orders of the names")
          .example(
              """
              model sprig
              dataset ioi n 4
              sweep heads L3 at END | group by head, max(effect) - min(effect) as spread""",
              "a column worked out for each group")
          .build();

  private static Parameter<List<Expression>> aggregate(String word, String summary) {
    return Parameter.after(
            word, "column", Types.expression("a column or an expression", "as"), summary)
        .many()
        .optional();
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    ColumnNames names = new ColumnNames(arguments, forecast);
    List<NamedColumn> columns = columns(arguments);
    columns.forEach(column -> names.check(column.expression()));
    NamedColumn.refuseTwins(columns);
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return NamedColumn.names(columns(arguments));
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    List<NamedColumn> columns =
        columns(arguments).stream().map(column -> column.resolved(session)).toList();
    NamedColumn.refuseTwins(columns);
    List<NamedColumn> keys = columns.stream().filter(c -> !isAggregate(c)).toList();
    List<int[]> groups =
        keys.isEmpty()
            ? List.of(IntStream.range(0, rows.count()).toArray())
            : RowGroups.of(rows, keys.stream().map(NamedColumn::expression).toList());
    TableValue value = rows.value();
    Table table = Table.create(value.table().name());
    Map<String, String> units = new HashMap<>();
    TableRows firsts =
        rows.some(groups.stream().filter(g -> g.length > 0).mapToInt(g -> g[0]).toArray());
    for (NamedColumn column : columns) {
      if (isAggregate(column)) {
        List<Value> values = new ArrayList<>();
        groups.forEach(group -> values.add(rows.some(group).evaluateWhole(column.expression())));
        table.addColumns(ValueColumn.of(column.name(), values, column.expression().span()));
      } else {
        table.addColumns(firsts.make(column));
      }
      String unit = Units.of(column.expression(), value.units());
      if (unit != null) {
        units.put(column.name(), unit);
      }
    }
    List<String> notes = new ArrayList<>(value.notes());
    notes.addAll(missing(columns, rows));
    return new TableValue(table, units, notes);
  }

  /** Tells of cells that aggregates have left out. */
  private static List<String> missing(List<NamedColumn> columns, TableRows rows) {
    Map<String, Expression> operands = new LinkedHashMap<>();
    for (NamedColumn column : columns) {
      for (Expression.Function function : Aggregates.in(column.expression())) {
        if (!TAKING_ALL.contains(function.name())) {
          Expression operand = function.operands().get(0);
          operands.put(Printer.print(operand), operand);
        }
      }
    }
    List<String> notes = new ArrayList<>();
    operands.forEach(
        (what, operand) -> {
          long count =
              rows.evaluate(operand).stream().filter(v -> v == NothingValue.NOTHING).count();
          if (count > 0) {
            notes.add(
                count
                    + (count == 1 ? " missing cell of " : " missing cells of ")
                    + what
                    + " left out");
          }
        });
    return notes;
  }

  /** The keys and aggregates in the order in which they were written. */
  private static List<NamedColumn> columns(Arguments arguments) {
    List<NamedColumn> columns = new ArrayList<>();
    arguments.find(BY).ifPresent(written -> columns.addAll(NamedColumn.read(written)));
    for (Parameter<List<Expression>> aggregate : AGGREGATES) {
      for (NamedColumn column : NamedColumn.read(arguments.find(aggregate).orElse(List.of()))) {
        columns.add(column.in(aggregate.word()));
      }
    }
    if (arguments.get(COUNT) || columns.stream().noneMatch(GroupCommand::isAggregate)) {
      columns.add(
          new NamedColumn(new Expression.Function(arguments.span(), "count", List.of()), "count"));
    }
    return columns;
  }

  private static boolean isAggregate(NamedColumn column) {
    return !Aggregates.in(column.expression()).isEmpty();
  }
}
