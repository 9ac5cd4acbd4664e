package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
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
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Intervention;

/** {@code sweep sites}: each kind of site of each layer changed at each position alone. */
public final class SweepSitesCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "sweep sites", Group.INTERVENE, "ablate or patch each site at each position alone")
          .details(
              """
              A run for each kind of site, layer and position. A row tells, for these and a group \
              of prompts, the mean change of the metric; with 'from' the site takes the values that \
              it has in other prompts (activation patching), at the same labels or numbers. The \
              largest effects come first. 'attribute sites' estimates the same from one gradient.""")
          .parameters(
              SiteGrid.KINDS,
              SiteGrid.LAYERS,
              SiteGrid.AT,
              SiteGrid.FROM,
              SiteGrid.MEAN,
              SiteGrid.ZERO,
              PromptGroups.BY)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n=4 seed=1
              let other = dataset ioi n=4 seed=1 variant flipped aside
              sweep sites resid_pre at S2 END from other by none
                | plot heatmap x position by layer file "sites.html\"""",
              "activation patching, as a grid of colours")
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
    List<Intervention> each = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (Position position : grid.positions()) {
      Places places = grid.places(List.of(position));
      each.addAll(grid.at(places));
      for (Location location : grid.locations()) {
        cells.add(SiteGrid.cells(location, position));
      }
    }
    return SweepRun.of(
        bench,
        each,
        groups,
        "sweep sites",
        rows -> {
          SweepTable table = new SweepTable(List.of("site", "layer", "position"), groups, bench);
          rows.forEach((i, row) -> table.add(cells.get(i), row, null));
          return table.note(grid.note()).table("sites by position", false);
        });
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    SiteGrid grid = SiteGrid.of(arguments, bench);
    List<Intervention> each = new ArrayList<>();
    for (Position position : grid.positions()) {
      each.addAll(grid.at(grid.places(List.of(position))));
    }
    return grid.estimate(bench.sweepEstimate(each));
  }
}
