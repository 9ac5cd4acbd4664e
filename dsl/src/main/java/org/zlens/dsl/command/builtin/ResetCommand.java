package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.kotlin.KotlinLines;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;

/** {@code reset kotlin}: a new start for Kotlin lines. */
public final class ResetCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("reset kotlin", Group.SESSION, "forget what Kotlin lines have declared")
          .details(
              """
              Every Kotlin line stays in memory, with what it declared, until this or the end of \
              the session. Values that commands know stay as variables.""")
          .interactive()
          .example("reset kotlin", "a new start")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    KotlinLines.forget(session);
    return NothingValue.NOTHING;
  }
}
