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

/** {@code where}: the rows that a condition holds in. */
public final class WhereCommand implements Command {
  private static final Parameter<Expression> CONDITION =
      Parameter.of("condition", Types.EXPRESSION, "what must hold; columns are names in it");

  private static final Signature SIGNATURE =
      Signature.verb("where", Group.TABLES, "keep the rows that a condition holds in")
          .details(
              """
              A row in which the condition needs a missing cell is left out; 'missing(x)' finds such \
              cells. Texts can be compared with 'contains', with 'matches' and a regular \
              expression, and with 'in' and a list. mean(x) and the like mean the whole column: \
              'where x > mean(x)'. A column whose name is no plain word is written between back \
              quotes. 'help expressions' lists all that a condition may have.""")
          .parameters(CONDITION)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | where name = \"seed\" or name = \"rows\"", "two of the settings")
          .example("set | where name in [\"seed\", \"rows\"]", "the same two")
          .example(
              "set | where summary contains \"rows\" or name matches \"^se\"",
              "a part of a text, and a regular expression")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    new ColumnNames(arguments, forecast).check(arguments.get(CONDITION));
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return arguments.inputColumns();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    return rows.take(rows.matching(arguments.get(CONDITION)));
  }
}
