package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.sae.Sae;

/** {@code attribute features}: what ablating each active feature would do, from one gradient. */
public final class AttributeFeaturesCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "attribute features",
              Group.ATTRIBUTE,
              "estimate by gradients what ablating each active feature would do")
          .details(
              """
              A row for each feature that is active at the places asked and each group of prompts. \
              """
                  + EstimateTable.DETAILS)
          .parameters(
              SweepParameters.SAE_LAYERS,
              SaeAt.RESIDUAL,
              SweepParameters.AT,
              PromptGroups.BY,
              EstimateTable.STEPS,
              EstimateTable.EXACT)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 4\nattribute features L2 at S2 | top 10",
              "a fast first look, with the exact effects of ten")
          .example(
              "model sprig\ndataset ioi n 4\nattribute features L0..L3 at S2 by none steps 5 exact 0",
              "integrated gradients of the features of all layers")
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
    GradientAttribution gradients = EstimateTable.gradients(arguments, bench, "attribute features");
    List<Sae> saes = new ArrayList<>();
    List<int[]> active = new ArrayList<>();
    for (Address.Layer layer : arguments.get(SweepParameters.SAE_LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      int[] features =
          FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where()).stream()
              .mapToInt(FeatureActivity::feature)
              .toArray();
      if (features.length > 0 && !saes.contains(sae)) {
        saes.add(sae);
        active.add(features);
      }
    }
    if (saes.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME, "no feature of these SAEs is active at " + places.text(), null);
    }
    List<double[][]> estimates = gradients.features(saes, active, places.where());
    EstimateTable table = new EstimateTable(arguments, bench, groups, "feature");
    for (int i = 0; i < saes.size(); i++) {
      Sae sae = saes.get(i);
      int[] features = active.get(i);
      for (int j = 0; j < features.length; j++) {
        table.add(
            List.of(sae.address(features[j])),
            FeatureAblation.of(sae, features[j], places.where()),
            estimates.get(i)[j]);
      }
    }
    return table.table(
        "features ablated at " + places.text() + ", estimated",
        () -> gradients.together(saes, active, places.where()));
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    List<FeatureAblation> alone = new ArrayList<>();
    Set<Location> at = new LinkedHashSet<>();
    Estimate activity = Estimate.NONE;
    for (Address.Layer layer : arguments.get(SweepParameters.SAE_LAYERS)) {
      Sae sae = SaeAt.of(bench, arguments, layer);
      if (at.add(sae.location())) {
        FeatureActivity.of(bench.transformer(), sae, bench.batch(), places.where())
            .forEach(one -> alone.add(FeatureAblation.of(sae, one.feature(), places.where())));
        activity = activity.then(bench.activityEstimate(sae, places.where()));
      }
    }
    return activity
        .of("active features")
        .then(EstimateTable.estimate(arguments, bench, at, alone, false));
  }
}
