package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.model.ModelConfig;

/** {@code attribute heads}: what ablating each head would do, from one gradient. */
public final class AttributeHeadsCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "attribute heads",
              Group.ATTRIBUTE,
              "estimate by gradients what ablating each attention head would do")
          .details("A row for each head and each group of prompts. " + EstimateTable.DETAILS)
          .parameters(
              SweepParameters.HEADS_LAYERS,
              SweepParameters.AT,
              HeadFill.MEAN,
              HeadFill.ZERO,
              PromptGroups.BY,
              EstimateTable.STEPS,
              EstimateTable.EXACT)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 4\nattribute heads at END exact 5",
              "all heads, and the exact effects of the five that seem to matter most")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    HeadFill.check(arguments);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    HeadAblation.Fill fill = HeadFill.of(arguments);
    GradientAttribution gradients = EstimateTable.gradients(arguments, bench, "attribute heads");
    List<HeadAblation> together = together(arguments, bench, places);
    Map<Location, double[][]> estimates = gradients.heads(together);
    EstimateTable table = new EstimateTable(arguments, bench, groups, "head");
    for (HeadAblation layer : together) {
      double[][] own = estimates.get(Location.of(Site.Z, layer.layer()));
      for (int head = 0; head < own.length; head++) {
        table.add(
            List.of("L" + layer.layer() + ".H" + head),
            HeadAblation.of(layer.layer(), head, fill, places.where()),
            own[head]);
      }
    }
    return table.table(
        "heads ablated at " + places.text() + ", estimated",
        () -> gradients.together(together),
        HeadFill.note(fill));
  }

  private static List<HeadAblation> together(Arguments arguments, Workbench bench, Places places) {
    ModelConfig config = bench.model().config();
    HeadAblation.Fill fill = HeadFill.of(arguments);
    List<Integer> heads = IntStream.range(0, config.heads()).boxed().toList();
    return IntStream.range(0, config.layers())
        .filter(layer -> SweepParameters.isAsked(arguments, layer))
        .mapToObj(layer -> new HeadAblation(layer, heads, fill, places.where()))
        .toList();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    List<HeadAblation> together = together(arguments, bench, places);
    List<HeadAblation> alone =
        together.stream()
            .flatMap(
                layer ->
                    layer.heads().stream()
                        .map(
                            head ->
                                HeadAblation.of(layer.layer(), head, layer.fill(), places.where())))
            .toList();
    List<Location> at = together.stream().map(one -> Location.of(Site.Z, one.layer())).toList();
    boolean reads = together.stream().anyMatch(one -> !one.reads().isEmpty());
    return EstimateTable.estimate(arguments, bench, at, alone, reads);
  }
}
