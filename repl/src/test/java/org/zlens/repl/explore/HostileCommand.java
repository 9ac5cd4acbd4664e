package org.zlens.repl.explore;

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
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code hostile}: a table of tokens that nobody would want on a page as they are. */
final class HostileCommand implements Command {
  static final String SCRIPT = "<script>window.broken = true</script><img src=x onerror=alert(1)>";
  private static final String TURNED = "abc\u202egnp.exe\u202c\u0000\u2066";
  private static final Signature SIGNATURE =
      Signature.verb("hostile", Group.LOOK, "tokens that bite").result(ValueKind.TABLE).build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    return new TableValue(
        Table.create(
            SCRIPT,
            StringColumn.create("token", SCRIPT, TURNED, "x".repeat(1 << 20)),
            DoubleColumn.create("number", 1, 2, 3)),
        Map.of(),
        List.of(SCRIPT + TURNED));
  }
}
