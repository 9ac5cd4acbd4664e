package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.kotlin.CommandLiterals;
import org.zlens.dsl.kotlin.KotlinLines;
import org.zlens.dsl.kotlin.SharedNames;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.SourceText;

/** {@code kotlin}: a line of Kotlin as a statement, so that scripts and transcripts can hold it. */
public final class KotlinCommand implements Command {
  private static final Parameter<String> CODE =
      Parameter.of("code", Types.STRING, "what would be typed at the prompt, in double quotes");

  private static final Signature SIGNATURE =
      Signature.verb("kotlin", Group.SESSION, "run a line of Kotlin in this session")
          .needs(Capability.RUN_CODE)
          .details(
              """
              At the prompt Kotlin needs no verb; a transcript says it with this one. What the code \
              declares, later lines see, those in Kotlin and, where it is a number, a text, an \
              address, a table or a list, commands too. Longer programs stand better in files: \
              'run "study.zlens.kts"'.""")
          .parameters(CODE)
          .example(
              "kotlin \"val half = listOf(1, 2, 3).sum() / 2.0\"; half + 1", "a value from Kotlin")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.isKnown(CODE)) {
      CommandLiterals.check(
          new SourceText("kotlin", arguments.get(CODE)),
          forecast.registry(),
          forecast.settings(),
          forecast);
    }
    forecast.forgetAll();
    if (arguments.isKnown(CODE)) {
      SharedNames.in(arguments.get(CODE), true)
          .forEach(name -> forecast.declare(name, ValueKind.ANY));
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = session.provenance().source();
    KotlinLines.of(session).runWithin(new SourceText(name, arguments.get(CODE)));
    return NothingValue.NOTHING;
  }
}
