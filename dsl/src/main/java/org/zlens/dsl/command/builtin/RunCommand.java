package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Binder;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;

/** {@code run}: a script in this session. */
public final class RunCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "the script; its errors are reported under its name");

  private static final Signature SIGNATURE =
      Signature.verb("run", Group.SESSION, "run a script in this session")
          .needs(Capability.RUN_SCRIPTS)
          .details(
              """
              Its statements see the variables of this session, and what it names stays. It is \
              checked as a whole together with the script that runs it, before anything runs.""")
          .parameters(FILE)
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(FILE)) {
      forecast.forgetAll();
      return;
    }
    String name = arguments.get(FILE);
    SourceText source = SourceText.read(forecast.files().input(name), name);
    forecast.nested(
        () -> new Binder(forecast.registry(), forecast).bind(Interpreter.parse(source)));
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = arguments.get(FILE);
    Interpreter interpreter = new Interpreter(session);
    interpreter.execute(interpreter.bind(SourceText.read(session.path(name), name)));
    return NothingValue.NOTHING;
  }
}
