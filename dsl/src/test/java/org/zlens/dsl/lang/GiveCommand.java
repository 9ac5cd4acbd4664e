package org.zlens.dsl.lang;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** {@code give}: says that it gives a value of a kind, and must never run. */
record GiveCommand(ValueKind kind) implements Command {
  @Override
  public Signature signature() {
    return Signature.verb("give", Group.LOOK, "a value of a kind").result(kind).build();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    throw new AssertionError("a script with a mistake has run");
  }
}
