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
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DestinationAttribution;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.attribute.TextAttribution;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** {@code dfa}: an attention feature's pre-activation by head and source position. */
public final class DfaCommand implements Command, Planned {
  private static final Parameter<Address.Feature> FEATURE =
      Parameter.of("feature", Types.FEATURE, "a feature of an attention SAE");

  private static final int KEPT = 5;
  private static final String HEAD = "head";
  private static final String BOTH = "both";
  private static final String TOKEN = "token";

  private static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where it is active; END without it")
          .many()
          .optional();

  private static final Parameter<String> BY =
      Parameter.after(
              "by", "split", Types.choice(HEAD, "source", BOTH, TOKEN), "what rows stand for")
          .orElse("source");

  private static final Parameter<Integer> KEEP =
      Parameter.after(
              "keep", "count", Types.count(), "rows of each of several destinations; 5 without it")
          .optional();

  private static final Parameter<Double> ABOVE =
      Parameter.after(
              "above",
              "activation",
              Types.positive(),
              "the activation that a place of several must exceed")
          .optional();

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
              active, sources coming together by their labels, or 'by token' by what stands there. \
              At several positions, or ALL, each destination where the feature is active is split \
              by itself: the largest rows of each are kept, and one row tells what the others add. \
              With 'on' a text, the means over all of \
              its places where the feature is active, by head, by the kind of source position, by \
              both, or by the token there, with the share of the variance that each explains in \
              both of its usual readings. \
              """
                  + MeasuredText.DETAILS)
          .parameters(
              FEATURE,
              AT,
              BY,
              EACH,
              KEEP,
              ABOVE,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH)
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
          .example(
              """
              model sprig
              prompt "Ann met Bob. Bob met Ann."
              let strongest = features L2 at END top 1
              dfa strongest.feature at ALL keep 2""",
              "where it reads from at every token at which it is active")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    MeasuredText.check(arguments, forecast);
    boolean onText = arguments.has(MeasuredText.ON);
    for (Parameter<?> parameter : List.of(AT, EACH, KEEP)) {
      if (onText && arguments.has(parameter)) {
        throw arguments.fault(
            parameter,
            Kind.TYPE,
            "'" + parameter.word() + "' is for prompts, not for a text",
            "over a text all places count where the feature is active");
      }
    }
    boolean several = arguments.has(AT) && (!arguments.isKnown(AT) || several(arguments));
    if (several && arguments.isKnown(AT)) {
      refuse(arguments, EACH, "rows are each destination's anyway");
      if (arguments.isKnown(BY) && arguments.get(BY).equals(TOKEN)) {
        refuse(arguments, BY, "by head, source or both");
      }
    }
    for (Parameter<?> parameter : List.of(KEEP, ABOVE)) {
      if (!several && arguments.has(parameter) && !(onText && parameter == ABOVE)) {
        throw arguments.fault(
            parameter,
            Kind.TYPE,
            "'" + parameter.word() + "' is for several destinations",
            "such as at ALL");
      }
    }
  }

  private static void refuse(Arguments arguments, Parameter<?> parameter, String hint) {
    if (arguments.has(parameter)) {
      throw arguments.fault(
          parameter,
          Kind.TYPE,
          "'" + parameter.word() + "' is for one destination of each prompt, not for several",
          hint);
    }
  }

  /** Whether more than one place of a prompt may be meant. */
  private static boolean several(Arguments arguments) {
    List<Position> at = arguments.find(AT).orElse(List.of());
    return at.size() > 1
        || at.stream().anyMatch(p -> p instanceof Position.All || p instanceof Position.Any);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Address.Feature feature = arguments.get(FEATURE);
    if (arguments.has(MeasuredText.ON)) {
      return onText(arguments, session, bench, feature);
    }
    return several(arguments)
        ? atSeveral(arguments, bench, feature)
        : onPrompts(arguments, session, bench, feature);
  }

  private static Value onText(
      Arguments arguments, Session session, Workbench bench, Address.Feature feature) {
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      double above = arguments.find(ABOVE).orElse(0.0);
      TextAttribution sums =
          new TextAttribution(bench.saes(), feature.in(), feature.index(), above)
              .read(
                  bench.transformer(),
                  bench.saes(),
                  text.batches(),
                  text.count(),
                  bench.progress("dfa"));
      TextDfa table = new TextDfa(feature.text(), sums, text.name(), bench);
      return switch (arguments.get(BY)) {
        case HEAD -> table.byHead(feature.in());
        case BOTH -> table.byBoth(feature.in());
        case TOKEN -> table.byToken();
        default -> table.bySource();
      };
    }
  }

  private static Value atSeveral(Arguments arguments, Workbench bench, Address.Feature feature) {
    PromptSet prompts = bench.prompts();
    Places places = Places.of(prompts, arguments, AT, new Position.End(0));
    String by = arguments.get(BY);
    DestinationAttribution.Split split =
        switch (by) {
          case HEAD -> DestinationAttribution.Split.HEAD;
          case BOTH -> DestinationAttribution.Split.BOTH;
          case TOKEN ->
              throw arguments.fault(
                  BY, Kind.TYPE, "'by token' is for one destination of each prompt", null);
          default -> DestinationAttribution.Split.SOURCE;
        };
    DestinationTable table = new DestinationTable(bench, split);
    double above = arguments.find(ABOVE).orElse(0.0);
    CleanRun run =
        CleanRun.mixingOf(feature.in(), bench.transformer(), bench.saes(), bench.batch().tokens());
    List<int[]> rows = places.rows();
    for (int row = 0; row < prompts.size(); row++) {
      int prompt = row;
      bench.progress("dfa").step(row, prompts.size());
      DestinationAttribution.of(
          run,
          feature.in(),
          feature.index(),
          row,
          rows.get(row),
          split,
          new DestinationAttribution.Keep(arguments.find(KEEP).orElse(KEPT), 0),
          above,
          (done, total) -> bench.progress("dfa").step(prompt, prompts.size()),
          one -> table.add(prompt, one));
    }
    if (table.size() == 0) {
      throw above > 0
          ? new ZlensException(
              Kind.RUNTIME,
              feature.text() + " is nowhere above " + NumberValue.format(above),
              "ask for less with 'above'")
          : Inactive.nowhere(bench, feature, places);
    }
    return table.table(
        "direct feature attribution of " + feature.text() + " at " + places.text() + " by " + by,
        above > 0 ? "above " + NumberValue.format(above) : "where it is active");
  }

  private static Value onPrompts(
      Arguments arguments, Session session, Workbench bench, Address.Feature feature) {
    PromptSet prompts = bench.prompts();
    Places places = Places.of(prompts, arguments, AT, new Position.End(0));
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
              case HEAD -> one.byHead();
              case BOTH -> one.byBoth();
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
      case HEAD -> AttributionTable.Split.PARTS;
      case BOTH -> AttributionTable.Split.HEADS_AND_SOURCES;
      case TOKEN -> AttributionTable.Split.TOKENS;
      default -> AttributionTable.Split.SOURCES;
    };
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    if (arguments.has(MeasuredText.ON)) {
      return onText(arguments, session, bench);
    }
    Cost each = new Cost(0, 0, 120);
    return bench
        .wholeEstimate(CleanRun.hooksUpTo(bench.model().config(), arguments.get(FEATURE).in()))
        .with(each.times(bench.prompts().size()));
  }

  private static Estimate onText(Arguments arguments, Session session, Workbench bench) {
    int layer = arguments.get(FEATURE).in();
    Sae sae = bench.saes().attention(layer);
    Location[] sites = {
      Location.of(Site.V, layer), Location.of(Site.PATTERN, layer), Location.of(Site.Z, layer)
    };
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    return size.estimate(bench.model().config(), Hooks.none().capture(sites).withoutLogits())
        .with(SaeCost.some(sae, size.tokens(), size.batches(), 1));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
