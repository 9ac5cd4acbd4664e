package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** {@code seed}: where random choices of commands start. */
public final class SeedCommand implements Command {
  private static final Parameter<Long> SEED =
      Parameter.of(
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "the seed from now on; the present one is shown without it")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("seed", Group.SET_UP, "choose where the random choices of commands start")
          .details("The same as 'set seed'. Commands that draw take a 'seed' of their own as well.")
          .parameters(SEED)
          .result(ValueKind.NUMBER)
          .example("seed 7", "the draws of this session can be made again")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    arguments.find(SEED).ifPresent(seed -> session.settings().set(Settings.SEED, seed));
    return new NumberValue(session.settings().get(Settings.SEED));
  }
}
