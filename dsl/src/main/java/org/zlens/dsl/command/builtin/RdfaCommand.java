package org.zlens.dsl.command.builtin;

import java.util.Locale;
import java.util.Optional;
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
import org.zlens.engine.attribute.RecursiveAttribution;
import org.zlens.engine.attribute.RecursiveAttribution.Options;
import org.zlens.engine.attribute.RecursiveAttribution.Via;

/** {@code rdfa}: an attention feature followed upstream, feature by feature. */
public final class RdfaCommand implements Command {
  private static final Parameter<Address.Feature> FEATURE =
      Parameter.of("feature", Types.FEATURE, "a feature of an attention SAE");

  private static final Parameter<Position> AT = OnePlace.at("where it is active; END without it");

  private static final Parameter<Integer> PROMPT =
      Parameter.after(
              "prompt",
              "number",
              Types.index(),
              "of which prompt, from 0; where the feature is strongest without it")
          .optional();

  private static final Parameter<Integer> DEPTH =
      Parameter.after("depth", "levels", Types.count(), "levels of features that are split")
          .orElse(2);

  private static final Parameter<Integer> WIDTH =
      Parameter.after("width", "count", Types.count(), "sources and features followed at a node")
          .orElse(3);

  private static final Parameter<Double> THRESHOLD =
      Parameter.after(
              "threshold",
              "share",
              Types.positive(),
              "least share of the feature above that is followed")
          .orElse(0.05);

  private static final Parameter<String> VIA =
      Parameter.after(
              "via",
              "path",
              Types.choice("attention", "residual", "both"),
              "what a source is followed through")
          .orElse("attention");

  private static final Signature SIGNATURE =
      Signature.verb("rdfa", Group.ATTRIBUTE, "follow a feature upstream, source by source")
          .details(
              """
              Recursive direct feature attribution: the feature is split by source position; each \
              of its largest sources is split by the earlier attention features there ('via \
              attention'), or by the residual SAE's features there and these by the attention \
              features that wrote them ('via residual'); and each of those features in turn. \
              Patterns and norm scales are those of one clean run. Below each row its parts sum to \
              it, those not followed being rows too; below a feature, its parts sum to its own \
              pre-activation.""")
          .parameters(FEATURE, AT, PROMPT, DEPTH, WIDTH, THRESHOLD, VIA)
          .result(ValueKind.TREE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 4
              let strongest = features L2 at S2 top 1
              rdfa strongest.feature at S2 depth 2 width 2""",
              "what the most active feature is made of")
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
    Address.Feature feature = arguments.get(FEATURE);
    Places places = Places.ofOne(bench.prompts(), arguments, AT, new Position.End(0));
    int[] at = places.single();
    CleanRun run =
        CleanRun.upTo(feature.in(), bench.transformer(), bench.saes(), bench.batch().tokens());
    int row =
        arguments.has(PROMPT)
            ? prompt(arguments, run.rows())
            : strongest(run, feature, at)
                .orElseThrow(() -> Inactive.nowhere(bench, feature, places));
    Options options =
        new Options(
            arguments.get(WIDTH),
            arguments.get(DEPTH),
            arguments.get(THRESHOLD),
            Via.valueOf(arguments.get(VIA).toUpperCase(Locale.ROOT)));
    RecursiveAttribution.Node root =
        RecursiveAttribution.of(
            run,
            feature.in(),
            feature.index(),
            row,
            at[row],
            options,
            (done, total) -> bench.progress("rdfa").step(done, 0));
    String title = feature.text() + " at " + places.text() + " of prompt " + row;
    return new AttributionTree(bench).value(title, root);
  }

  private static int prompt(Arguments arguments, int count) {
    int row = arguments.get(PROMPT);
    if (row >= count) {
      throw arguments.fault(
          PROMPT,
          Kind.NAME,
          "no prompt " + row + ": there are " + count,
          "prompts run from 0 to " + (count - 1));
    }
    return row;
  }

  private static Optional<Integer> strongest(CleanRun run, Address.Feature feature, int[] at) {
    int strongest = -1;
    double most = 0;
    for (int row = 0; row < at.length; row++) {
      double activation =
          DirectFeatureAttribution.of(run, feature.in(), feature.index(), row, at[row])
              .activation();
      if (activation > most) {
        strongest = row;
        most = activation;
      }
    }
    return strongest < 0 ? Optional.empty() : Optional.of(strongest);
  }
}
