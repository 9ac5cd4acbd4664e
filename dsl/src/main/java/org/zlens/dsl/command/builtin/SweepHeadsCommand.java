package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
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
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Sweep;

/** {@code sweep heads}: each attention head ablated alone. */
public final class SweepHeadsCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb("sweep heads", Group.INTERVENE, "ablate each attention head alone")
          .details(
              """
              One run of the prompts for each head. A row tells, for a head and a group of \
              prompts, the mean change of the metric. The largest effects come first. \
              Ctrl-C leaves the rows that are done.""")
          .parameters(
              SweepParameters.HEADS_LAYERS,
              SweepParameters.AT,
              HeadFill.MEAN,
              HeadFill.ZERO,
              PromptGroups.BY)
          .result(ValueKind.TABLE)
          .pure()
          .example("model sprig\ndataset ioi n 4\nsweep heads L2 at END", "the heads of one layer")
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
    List<HeadAblation> each = each(arguments, bench, places);
    return SweepRun.of(
        bench, each, groups, "sweep heads", rows -> table(rows, each, groups, bench, fill, places));
  }

  private static List<HeadAblation> each(Arguments arguments, Workbench bench, Places places) {
    return Sweep.heads(bench.model().config(), HeadFill.of(arguments), places.where()).stream()
        .filter(head -> SweepParameters.isAsked(arguments, head.layer()))
        .toList();
  }

  private static TableValue table(
      Map<Integer, Sweep.Row> rows,
      List<HeadAblation> each,
      PromptGroups groups,
      Workbench bench,
      HeadAblation.Fill fill,
      Places places) {
    SweepTable table = new SweepTable("head", groups, bench);
    rows.forEach(
        (i, row) -> {
          HeadAblation one = each.get(i);
          table.add("L" + one.layer() + ".H" + one.heads().get(0), row, null);
        });
    return table.note(HeadFill.note(fill)).table("heads ablated at " + places.text(), false);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    return bench.sweepEstimate(each(arguments, bench, SweepParameters.places(bench, arguments)));
  }
}
