package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
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
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Intervention;

/** {@code sweep mlps}: the output of each MLP ablated alone. */
public final class SweepMlpsCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb("sweep mlps", Group.INTERVENE, "ablate the output of each MLP alone")
          .details(
              """
              A run for each layer. A row tells, for an MLP and a group of prompts, the mean change \
              of the metric. The largest effects come first.""")
          .parameters(SweepParameters.AT, Filling.MEAN, Filling.ZERO, PromptGroups.BY)
          .result(ValueKind.TABLE)
          .pure()
          .example("model sprig\ndataset ioi n 4\nsweep mlps at END", "the MLPs at the last token")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    List<Location> locations = locations(bench);
    Filling filling = Filling.of(arguments, Filling.MEAN);
    List<Intervention> each =
        new ArrayList<>(filling.on(Targets.of(locations), places, bench, session));
    return SweepRun.of(
        bench,
        each,
        groups,
        "sweep mlps",
        rows -> {
          SweepTable table = new SweepTable("mlp", groups, bench);
          rows.forEach((i, row) -> table.add(locations.get(i).shortName(), row, null));
          return table
              .note(filling.note("ablated MLPs", session))
              .table("MLPs ablated at " + places.text(), false);
        });
  }

  private static List<Location> locations(Workbench bench) {
    int layers = bench.model().config().layers();
    return IntStream.range(0, layers).mapToObj(layer -> Location.of(Site.MLP_OUT, layer)).toList();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = SweepParameters.places(bench, arguments);
    return bench.sweepEstimate(
        Filling.of(arguments, Filling.MEAN)
            .on(Targets.of(locations(bench)), places, bench, session));
  }
}
