package org.zlens.dsl.command.builtin;

import java.util.List;
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
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.attribute.TextAttribution;
import org.zlens.engine.data.PromptSet;

/** {@code dfa}: an attention feature's pre-activation by head and source position. */
public final class DfaCommand implements Command {
  private static final Parameter<Address.Feature> FEATURE =
      Parameter.of("feature", Types.FEATURE, "a feature of an attention SAE");

  private static final String TOKEN = "token";

  private static final Parameter<Position> AT = OnePlace.at("where it is active; END without it");

  private static final Parameter<String> BY =
      Parameter.after(
              "by",
              "split",
              Types.choice("head", "source", "both", TOKEN),
              "what rows stand for; 'token' of a text")
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
              active, sources coming together by their labels. With 'on' a text, the means over all of \
              its places where the feature is active: by head with the share of the variance of \
              the heads' sum that each explains, by the kind of source position, or by the token \
              there. \
              """
                  + MeasuredText.DETAILS)
          .parameters(
              FEATURE, AT, BY, EACH, MeasuredText.ON, MeasuredText.TOKENS, MeasuredText.LENGTH)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 8
              let strongest = features L2 at S2 top 1
              dfa strongest.feature at S2 by source""",
              "where the most active feature reads from")
          .example(
              "model sprig; dfa L2.F417 on sprig tokens 2048 by head",
              "which heads write a feature, over all of a text")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    MeasuredText.check(arguments, forecast);
    OnePlace.check(arguments, AT);
    boolean onText = arguments.has(MeasuredText.ON);
    for (Parameter<?> parameter : List.of(AT, EACH)) {
      if (onText && arguments.has(parameter)) {
        throw arguments.fault(
            parameter,
            Kind.TYPE,
            "'" + parameter.word() + "' is for prompts, not for a text",
            "over a text all places count where the feature is active");
      }
    }
    if (arguments.isKnown(BY)) {
      String by = arguments.get(BY);
      if (by.equals(onText ? "both" : TOKEN)) {
        throw arguments.fault(
            BY,
            Kind.TYPE,
            "'by " + by + "' is for " + (onText ? "prompts, not for a text" : "a text"),
            onText ? "by head, source or token" : "name one with 'on', as in: on sprig");
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Address.Feature feature = arguments.get(FEATURE);
    return arguments.has(MeasuredText.ON)
        ? onText(arguments, session, bench, feature)
        : onPrompts(arguments, session, bench, feature);
  }

  private static Value onText(
      Arguments arguments, Session session, Workbench bench, Address.Feature feature) {
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      TextAttribution sums =
          TextAttribution.of(
              bench.transformer(),
              bench.saes(),
              feature.in(),
              feature.index(),
              text.batches(),
              text.count(),
              bench.progress("dfa"));
      TextDfa table = new TextDfa(feature.text(), sums, text.name(), bench);
      return switch (arguments.get(BY)) {
        case "head" -> table.byHead(feature.in());
        case TOKEN -> table.byToken();
        default -> table.bySource();
      };
    }
  }

  private static Value onPrompts(
      Arguments arguments, Session session, Workbench bench, Address.Feature feature) {
    PromptSet prompts = bench.prompts();
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
