package org.zlens.dsl.command.builtin;

import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** {@code timing}: whether the prompt says how long each entry took. */
public final class TimingCommand implements Command {
  private static final Parameter<String> STATE =
      Parameter.of("state", Types.choice("on", "off"), "the other of the two without it")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("timing", Group.SESSION, "say after each entry how long it took, or no more")
          .details(
              """
              The time is that of the clock. Where an entry counts its work, such as the runs of a \
              sweep, the count and the rate follow. It is the same as 'set timing on'; only a \
              prompt prints times, scripts do not.""")
          .parameters(STATE)
          .result(ValueKind.TEXT)
          .interactive()
          .example("timing on", "times from here on")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Settings settings = session.settings();
    Optional<String> chosen = arguments.find(STATE);
    String other = settings.get(Settings.TIMING).equals("on") ? "off" : "on";
    settings.set(Settings.TIMING, chosen.orElse(other));
    return new TextValue("timing is " + settings.get(Settings.TIMING));
  }
}
