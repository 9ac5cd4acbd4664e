package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
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

/** {@code sort}: the rows in order. */
public final class SortCommand implements Command {
  private static final Parameter<List<Expression>> KEYS =
      Parameter.after(
              "by",
              "key",
              Types.expression("a column or an expression", SortKey.ASCENDING, SortKey.DESCENDING),
              "the first decides; 'descending' after a key has its largest first")
          .many();

  private static final Signature SIGNATURE =
      Signature.verb("sort", Group.TABLES, "put the rows in order, the smallest first")
          .details(
              """
              Numbers within texts count as numbers, so that L2.F9 comes before L2.F10. Rows without \
              a value come last, and rows of equal values keep their order.""")
          .parameters(KEYS)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | sort by name descending", "the settings from the end of the alphabet")
          .example("set | sort by length(name) descending, name", "long names first")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    ColumnNames names = new ColumnNames(arguments, forecast);
    SortKey.read(arguments.get(KEYS)).forEach(key -> names.check(key.expression()));
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return arguments.inputColumns();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    return rows.take(Ordering.rows(rows, SortKey.read(arguments.get(KEYS)), session));
  }
}
