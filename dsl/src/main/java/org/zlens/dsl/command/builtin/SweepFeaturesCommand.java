package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.BitSet;
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
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.plan.Plan;
import org.zlens.engine.sae.Sae;

/** {@code sweep features}: each active feature of an SAE ablated alone. */
public final class SweepFeaturesCommand implements Command, Planned {
  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.of("layer", Types.listOf(Types.LAYER), "the layer of the SAE, or some layers");

  private static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where; at every token without it")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb(
              "sweep features", Group.INTERVENE, "ablate each active feature of an SAE alone")
          .details(
              """
              One run of the prompts for each feature that is active at the places asked. A row \
              tells, for a feature and a group of prompts, the mean change of the metric and in \
              how many of them the feature is active. The largest effects come first. \
              Ctrl-C leaves the rows that are done.""")
          .parameters(LAYERS, SaeAt.RESIDUAL, AT, PromptGroups.BY)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 4\nsweep features L2 at S2 | top 10",
              "the features that matter most at the second mention of the subject")
          .example(
              "model sprig\ndataset ioi n 4\nsweep features L0..L1 at S2 by none",
              "those of two layers, over all prompts together")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    SaeAt.checkAll(arguments, LAYERS, forecast);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    List<FeatureAblation> each = new ArrayList<>();
    List<BitSet> active = new ArrayList<>();
    List<String> sites = new ArrayList<>();
    for (Address.Layer layer : arguments.get(LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      sites.add(sae.location().shortName());
      for (FeatureActivity one :
          FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where())) {
        each.add(FeatureAblation.of(sae, one.feature(), places.where()));
        active.add(one.prompts());
      }
    }
    String site = String.join(", ", sites);
    if (each.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME, "no feature of " + site + " is active at " + places.text(), null);
    }
    return SweepRun.of(
        bench,
        each,
        groups,
        "sweep features",
        rows -> {
          SweepTable table = new SweepTable("feature", groups, bench);
          rows.forEach(
              (i, row) -> {
                FeatureAblation one = each.get(i);
                table.add(one.sae().address(one.features().get(0)), row, active.get(i));
              });
          return table.table("features of " + site + " ablated at " + places.text(), true);
        });
  }

  @Override
  public Plan plan(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    List<FeatureAblation> each = new ArrayList<>();
    for (Address.Layer layer : arguments.get(LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      for (FeatureActivity one :
          FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where())) {
        each.add(FeatureAblation.of(sae, one.feature(), places.where()));
      }
    }
    return bench.planOf(each);
  }
}
