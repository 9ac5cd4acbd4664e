package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** {@code show}: the value, shown in the midst of a pipeline or again. */
public final class ShowCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("show", Group.TABLES, "show a value and pass it on")
          .details("At the start of a line it shows the last result again.")
          .input(ValueKind.ANY)
          .passesInput()
          .example("set | show | top 1", "the whole table and then its first row")
          .example("let t = set\n$t | show", "what 'let' has named")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    session.present(arguments.input());
    return arguments.input();
  }
}
