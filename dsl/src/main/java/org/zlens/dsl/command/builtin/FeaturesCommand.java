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
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.sae.Sae;

/** {@code features}: the features of an SAE that are active in the prompts. */
public final class FeaturesCommand implements Command, Planned {
  private static final Parameter<Address.Layer> LAYER = SaeAt.layer("the layer of the SAE");

  private static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where; every token without it")
          .many()
          .optional();

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "so many of the strongest").optional();

  private static final Parameter<Boolean> EACH =
      Parameter.flag("each", "a row for every place, as with a single prompt");

  private static final Signature SIGNATURE =
      Signature.verb("features", Group.LOOK, "list the features that are active in the prompts")
          .details(
              """
              Over several prompts, a row for each feature: the prompts and the places where it is \
              active, its mean over all places asked, zeros included, and where it is largest. For \
              one prompt, or with 'each', a row for each feature at each place.""")
          .parameters(LAYER, SaeAt.RESIDUAL, AT, TOP, EACH)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 8\nfeatures L2 at S2 top 5",
              "what the second mention of the subject activates")
          .example(
              "model sprig\nprompt \"When Ann and Bob went\"\nfeatures L1 residual at END",
              "what the residual SAE before layer 1 sees at the last token")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    SaeAt.check(arguments, LAYER, forecast);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    PromptSet prompts = bench.prompts();
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    Places places = Places.of(prompts, arguments, AT, new Position.All());
    int top = arguments.find(TOP).orElse(Integer.MAX_VALUE);
    String title = "features of " + sae.location().shortName() + " at " + places.text();
    if (prompts.size() == 1 || arguments.get(EACH)) {
      List<FeatureActivity.Firing> firings =
          FeatureActivity.firings(bench.transformer(), sae, bench.batch(), places.where());
      return firings(title, firings, top, sae, bench);
    }
    List<FeatureActivity> found =
        FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where());
    return summary(title, found.subList(0, Math.min(top, found.size())), sae, bench);
  }

  private static TableValue summary(
      String title, List<FeatureActivity> found, Sae sae, Workbench bench) {
    PromptSet prompts = bench.prompts();
    Rows rows = new Rows(title);
    for (FeatureActivity one : found) {
      rows.text("feature", sae.address(one.feature()))
          .whole("prompts", one.prompts().cardinality())
          .whole("places", one.places())
          .number("mean", one.mean(), "activation")
          .number("max", one.max(), "activation")
          .whole("prompt", one.row())
          .whole("position", one.position())
          .text("token", bench.piece(prompts.prompts().get(one.row()).tokens().id(one.position())));
    }
    return rows.note("prompts: " + prompts.size()).table();
  }

  /** The strongest at each place. */
  private static TableValue firings(
      String title, List<FeatureActivity.Firing> firings, int top, Sae sae, Workbench bench) {
    Rows rows = new Rows(title);
    FeatureActivity.Firing before = null;
    int taken = 0;
    for (FeatureActivity.Firing one : firings) {
      boolean same =
          before != null && before.row() == one.row() && before.position() == one.position();
      taken = same ? taken + 1 : 1;
      before = one;
      if (taken > top) {
        continue;
      }
      rows.whole("prompt", one.row())
          .whole("position", one.position())
          .text(
              "token",
              bench.piece(bench.prompts().prompts().get(one.row()).tokens().id(one.position())))
          .text("feature", sae.address(one.feature()))
          .number("activation", one.activation(), "");
    }
    return rows.table();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    return bench.activityEstimate(sae, places.where());
  }
}
