package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/** {@code top}: the first rows by some measure. */
public final class TopCommand implements Command {
  private static final Parameter<Integer> COUNT =
      Parameter.of("count", Types.count(), "how many rows").orElse(10);

  private static final Parameter<Expression> KEY =
      Parameter.after(
              "by", "expression", Types.EXPRESSION, "the measure; the order as it is without one")
          .optional();

  private static final Parameter<Boolean> LOWEST =
      Parameter.flag("lowest", "the smallest instead of the largest");

  private static final Parameter<List<Expression>> PER =
      Parameter.after(
              "per", "column", Types.expression("a column or an expression"), "so many for each")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("top", Group.TABLES, "keep the rows that are largest by some measure")
          .details(
              """
              The measure may be worked out: 'top 10 by abs(delta)' finds large effects of either \
              sign. Rows without a value come last.""")
          .parameters(COUNT, KEY, LOWEST, PER)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | top 2 by name lowest", "the two settings whose names come first")
          .example(
              "model sprig; sites | top 1 by length(site) per starts(site, \"L0\")",
              "the longest name of each of two groups")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    ColumnNames names = new ColumnNames(arguments, forecast);
    arguments.find(KEY).ifPresent(names::check);
    arguments.find(PER).ifPresent(keys -> keys.forEach(key -> names.check(NamedColumn.word(key))));
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return arguments.inputColumns();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    List<int[]> groups =
        arguments
            .find(PER)
            .map(keys -> RowGroups.of(rows, keys.stream().map(NamedColumn::word).toList()))
            .orElseGet(() -> List.of(IntStream.range(0, rows.count()).toArray()));
    return rows.take(
        groups.stream().flatMapToInt(group -> first(arguments, rows, group, session)).toArray());
  }

  /** The rows of a group that are wanted, by their numbers among all. */
  private static IntStream first(
      Arguments arguments, TableRows rows, int[] group, Session session) {
    int[] order = IntStream.range(0, group.length).toArray();
    if (arguments.has(KEY)) {
      SortKey key = new SortKey(NamedColumn.word(arguments.get(KEY)), !arguments.get(LOWEST));
      order = Ordering.rows(rows.some(group), List.of(key), session);
    }
    return IntStream.of(order).limit(arguments.get(COUNT)).map(i -> group[i]);
  }
}
