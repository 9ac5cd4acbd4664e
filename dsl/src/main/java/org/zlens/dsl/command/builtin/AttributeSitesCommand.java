package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Position;
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
import org.zlens.engine.intervene.Intervention;

/**
 * {@code attribute sites}: what changing each site at each position would do, from one gradient.
 */
public final class AttributeSitesCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "attribute sites",
              Group.ATTRIBUTE,
              "estimate by gradients what changing each site at each position would do")
          .details(
              """
              A row for each kind of site, layer and position, and each group of prompts; with \
              'from' a site takes the values of other prompts, position by position. \
              """
                  + EstimateTable.DETAILS)
          .parameters(
              SiteGrid.KINDS,
              SiteGrid.LAYERS,
              SiteGrid.AT,
              SiteGrid.FROM,
              SiteGrid.MEAN,
              SiteGrid.ZERO,
              PromptGroups.BY,
              EstimateTable.STEPS,
              EstimateTable.EXACT)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 4
              attribute sites at S1 S1+1 S2 END by none | where site = "attn_out"
                | plot heatmap x position by layer y estimate file "sites.html\"""",
              "where attention outputs matter, as a grid of colours")
          .example(
              """
              model sprig
              dataset ioi n=4 seed=1
              let other = dataset ioi n=4 seed=1 variant flipped aside
              attribute sites resid_pre at S2 END from other exact 5""",
              "what the residual stream of corrupted prompts would do")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    SiteGrid.check(arguments);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    SiteGrid grid = SiteGrid.of(arguments, bench);
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    GradientAttribution gradients = EstimateTable.gradients(arguments, bench, "attribute sites");
    List<Intervention> together = grid.at(grid.everywhere());
    Map<Location, double[][]> estimates = gradients.places(together);
    EstimateTable table = new EstimateTable(arguments, bench, groups, "site", "layer", "position");
    for (Position position : grid.positions()) {
      Places places = grid.places(List.of(position));
      int[] own = places.single();
      List<Intervention> alone = grid.at(places);
      for (int i = 0; i < alone.size(); i++) {
        Location location = grid.locations().get(i);
        double[][] byPlace = estimates.get(location);
        double[] each = new double[own.length];
        for (int row = 0; row < own.length; row++) {
          each[row] = byPlace[own[row]][row];
        }
        table.add(SiteGrid.cells(location, position), alone.get(i), each);
      }
    }
    return table.table(
        "sites by position, estimated", () -> gradients.together(together), grid.note());
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    SiteGrid grid = SiteGrid.of(arguments, bench);
    List<Intervention> alone = new ArrayList<>();
    for (Position position : grid.positions()) {
      alone.addAll(grid.at(grid.places(List.of(position))));
    }
    boolean reads = alone.stream().anyMatch(one -> !one.reads().isEmpty());
    return grid.estimate(EstimateTable.estimate(arguments, bench, grid.locations(), alone, reads));
  }
}
