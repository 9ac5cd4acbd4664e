package org.zlens.dsl.command.builtin;

import java.util.Arrays;
import java.util.stream.IntStream;
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

  private static final Signature SIGNATURE =
      Signature.verb("top", Group.TABLES, "keep the rows that are largest by some measure")
          .details(
              """
              The measure may be worked out: 'top 10 by abs(delta)' finds large effects of either \
              sign. Rows without a value come last.""")
          .parameters(COUNT, KEY, LOWEST)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | top 2 by name lowest", "the two settings whose names come first")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    int[] order =
        arguments
            .find(KEY)
            .map(key -> Ordering.rows(rows.evaluate(key), !arguments.get(LOWEST)))
            .orElseGet(() -> IntStream.range(0, rows.count()).toArray());
    return rows.take(Arrays.copyOf(order, Math.min(order.length, arguments.get(COUNT))));
  }
}
