package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;

/** {@code quit} and {@code exit}: the end of the session. */
public final class QuitCommand implements Command {
  private final Signature signature;

  /**
   * @param verb the word for it
   */
  public QuitCommand(String verb) {
    signature =
        Signature.verb(verb, Group.SESSION, "end the session")
            .details("In a script, the statements after it do not run.")
            .interactive()
            .example(verb, "leave")
            .build();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    session.quit();
    return NothingValue.NOTHING;
  }
}
