package org.zlens.repl;

import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code sample}: a table with every sort of column and cells that are hard to print. */
public final class SampleCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("sample", Group.LOOK, "a small table").result(ValueKind.TABLE).build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    return table();
  }

  /** The table itself. */
  public static TableValue table() {
    IntColumn fired = IntColumn.create("fired", new int[] {12, 3});
    fired.appendMissing();
    return new TableValue(
        Table.create(
            "effects",
            StringColumn.create("feature", "L2.F417", "a \"b\", c|d", "tab\there"),
            DoubleColumn.create("delta", -0.5, 12.25, Double.NEGATIVE_INFINITY),
            fired,
            BooleanColumn.create("alive", true, false, true)),
        Map.of("delta", "logits"),
        List.of("metric: logit difference"));
  }
}
