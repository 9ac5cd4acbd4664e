package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.attribute.LogitEffect;

/** {@code effect}: what a feature does to the logits by the direct path. */
public final class EffectCommand implements Command {
  private static final Parameter<Address> FEATURE =
      Parameter.of("feature", Types.ANY_FEATURE, "a feature of either kind of SAE");

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "so many tokens of either sign").orElse(10);

  private static final Signature SIGNATURE =
      Signature.verb("effect", Group.LOOK, "list the tokens that a feature promotes and suppresses")
          .details(
              """
              The direct logit effect: the feature's decoder direction through the attention \
              output and the unembedding, per unit of activation and before the final norm's \
              scale. What later layers make of the feature is not in it.""")
          .parameters(FEATURE, TOP)
          .result(ValueKind.TABLE)
          .pure()
          .example("model sprig\neffect L3.F17 top 5", "five tokens that it promotes, and five not")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Address feature = arguments.get(FEATURE);
    LogitEffect effect =
        LogitEffect.of(bench.model().transformer(), SaeAt.of(bench, feature), SaeAt.index(feature));
    Rows rows = new Rows("direct logit effect of " + feature.text());
    add(rows, "promoted", effect.top(arguments.get(TOP)), bench);
    add(rows, "suppressed", effect.bottom(arguments.get(TOP)), bench);
    return rows.table();
  }

  private static void add(
      Rows rows, String side, List<LogitEffect.TokenEffect> effects, Workbench bench) {
    for (LogitEffect.TokenEffect one : effects) {
      rows.text("side", side)
          .text("token", bench.piece(one.token()))
          .whole("id", one.token())
          .number("effect", one.effect(), "logits per activation");
    }
  }
}
