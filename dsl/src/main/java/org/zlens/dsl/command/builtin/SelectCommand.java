package org.zlens.dsl.command.builtin;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException.Kind;

/** {@code select}: some columns. */
public final class SelectCommand implements Command {
  private static final Parameter<List<String>> COLUMNS =
      Parameter.of("column", Types.NAME, "which columns, in which order").many();

  private static final Signature SIGNATURE =
      Signature.verb("select", Group.TABLES, "keep some columns, in the order given")
          .parameters(COLUMNS)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example("set | select name summary", "what each setting is for")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableRows rows = new TableRows(arguments.input(), session);
    Set<String> seen = new HashSet<>();
    for (String name : arguments.get(COLUMNS)) {
      if (!seen.add(name)) {
        throw arguments.fault(COLUMNS, Kind.TYPE, "column '" + name + "' is named twice", null);
      }
    }
    return rows.take(arguments.get(COLUMNS).stream().map(rows::column).toList());
  }
}
