package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
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
  private static final Parameter<Expression> KEY =
      Parameter.after(
          "by", "expression", Types.EXPRESSION, "a column, or what to work out of them");

  private static final Parameter<Boolean> DESCENDING =
      Parameter.flag("descending", "the largest first");

  private static final Signature SIGNATURE =
      Signature.verb("sort", Group.TABLES, "put the rows in order, the smallest first")
          .details("Rows without a value come last, and rows of equal value keep their order.")
          .parameters(KEY, DESCENDING)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | sort by name descending", "the settings from the end of the alphabet")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    return rows.take(Ordering.rows(rows.evaluate(arguments.get(KEY)), arguments.get(DESCENDING)));
  }
}
