package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
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
import org.zlens.engine.sae.Sae;

/** {@code sweep features}: each active feature of an SAE ablated alone. */
public final class SweepFeaturesCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "sweep features", Group.INTERVENE, "ablate each active feature of an SAE alone")
          .details(
              """
              One run of the prompts for each feature that is active at the places asked. A row \
              tells, for a feature and a group of prompts, the mean change of the metric and in \
              how many of them the feature is active. The largest effects come first. \
              Ctrl-C leaves the rows that are done.""")
          .parameters(
              SweepParameters.SAE_LAYERS, SaeAt.RESIDUAL, SweepParameters.AT, PromptGroups.BY)
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
    SaeAt.checkAll(arguments, SweepParameters.SAE_LAYERS, forecast);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    List<Swept> each = swept(arguments, bench, places);
    String site =
        arguments.get(SweepParameters.SAE_LAYERS).stream()
            .map(layer -> SaeAt.of(bench, arguments, layer).location().shortName())
            .collect(Collectors.joining(", "));
    if (each.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME, "no feature of " + site + " is active at " + places.text(), null);
    }
    return SweepRun.of(
        bench,
        each.stream().map(Swept::ablation).toList(),
        groups,
        "sweep features",
        rows -> {
          SweepTable table = new SweepTable("feature", groups, bench);
          rows.forEach(
              (i, row) -> {
                FeatureAblation one = each.get(i).ablation();
                String address = one.sae().address(one.features().get(0));
                table.add(address, row, each.get(i).active());
              });
          return table.table("features of " + site + " ablated at " + places.text(), true);
        });
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    Estimate activity = Estimate.NONE;
    for (Address.Layer layer : arguments.get(SweepParameters.SAE_LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      activity = activity.then(bench.activityEstimate(sae, places.where()));
    }
    List<FeatureAblation> each =
        swept(arguments, bench, places).stream().map(Swept::ablation).toList();
    return activity.of("active features").then(bench.sweepEstimate(each));
  }

  /** The ablation of an active feature, and the prompts in which it is active. */
  private record Swept(FeatureAblation ablation, BitSet active) {}

  private static List<Swept> swept(Arguments arguments, Workbench bench, Places places) {
    List<Swept> all = new ArrayList<>();
    for (Address.Layer layer : arguments.get(SweepParameters.SAE_LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      for (FeatureActivity one :
          FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where())) {
        all.add(new Swept(FeatureAblation.of(sae, one.feature(), places.where()), one.prompts()));
      }
    }
    return all;
  }
}
