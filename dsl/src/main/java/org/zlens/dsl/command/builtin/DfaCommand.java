package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.data.PromptSet;

/** {@code dfa}: an attention feature's pre-activation by head and source position. */
public final class DfaCommand implements Command {
  private static final Parameter<Address.Feature> FEATURE =
      Parameter.of("feature", Types.FEATURE, "a feature of an attention SAE");

  private static final Parameter<Position> AT = OnePlace.at("where it is active; END without it");

  private static final Parameter<String> BY =
      Parameter.after("by", "split", Types.choice("head", "source", "both"), "what rows stand for")
          .orElse("source");

  private static final Parameter<Boolean> EACH =
      Parameter.flag("each", "rows for every prompt, not their means");

  private static final Signature SIGNATURE =
      Signature.verb("dfa", Group.ATTRIBUTE, "split a feature by head and source position")
          .details(
              """
              Direct feature attribution: the pre-activation of an attention feature is linear in \
              the values once the pattern is held fixed, so each head at each source adds a part \
              to it. The constant row is what is left when z is zero; with it the rows sum to the \
              pre-activation. Over several prompts, the means over those in which the feature is \
              active, sources coming together by their labels.""")
          .parameters(FEATURE, AT, BY, EACH)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 8
              let strongest = features L2 at S2 top 1
              dfa strongest.feature at S2 by source""",
              "where the most active feature reads from")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    EngineFacts.requirePrompts(forecast);
    OnePlace.check(arguments, AT);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    PromptSet prompts = bench.prompts();
    Address.Feature feature = arguments.get(FEATURE);
    Places places = Places.ofOne(prompts, arguments, AT, new Position.End(0));
    int[] at = places.single();
    String by = arguments.get(BY);
    AttributionTable table = new AttributionTable(session, split(by), "activation");
    CleanRun run =
        CleanRun.upTo(feature.in(), bench.transformer(), bench.saes(), bench.batch().tokens());
    for (int row = 0; row < prompts.size(); row++) {
      DirectFeatureAttribution one =
          DirectFeatureAttribution.of(run, feature.in(), feature.index(), row, at[row]);
      // A single prompt is what was asked for; of several, those count that have the feature.
      if (prompts.size() == 1 || one.activation() > 0) {
        table.add(
            row,
            switch (by) {
              case "head" -> one.byHead();
              case "both" -> one.byBoth();
              default -> one.bySource();
            });
      }
      bench.progress("dfa").step(row + 1, prompts.size());
    }
    if (table.size() == 0) {
      throw Inactive.nowhere(bench, feature, places);
    }
    String title = "direct feature attribution of " + feature.text() + " at " + places.text();
    return table.table(title + " by " + by, "pre-activation", !arguments.get(EACH));
  }

  private static AttributionTable.Split split(String by) {
    return switch (by) {
      case "head" -> AttributionTable.Split.PARTS;
      case "both" -> AttributionTable.Split.HEADS_AND_SOURCES;
      default -> AttributionTable.Split.SOURCES;
    };
  }
}
