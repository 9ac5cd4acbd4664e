package org.zlens.dsl.lang;

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
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code sample}: a small table with every sort of column, for the language's tests. */
final class SampleCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("sample", Group.LOOK, "a small table").result(ValueKind.TABLE).build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    DoubleColumn delta = DoubleColumn.create("delta", -0.5, 0.25, -0.125, 0);
    delta.append(0.75);
    IntColumn fired = IntColumn.create("fired", new int[] {12, 3, 7, 0});
    fired.appendMissing();
    return new TableValue(
        Table.create(
            "effects",
            StringColumn.create("feature", "L2.F417", "L2.F3", "L1.F9", "L2.F40", "L0.F1"),
            StringColumn.create("template", "BABA", "ABBA", "BABA", "ABBA", "BABA"),
            delta,
            fired,
            DoubleColumn.create("log odds", 1, 2, 3, 4, 5)),
        Map.of("delta", "logits"),
        List.of());
  }
}
