package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
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
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.plan.Plan;

/** {@code sweep heads}: each attention head ablated alone. */
public final class SweepHeadsCommand implements Command, Planned {
  private static final Parameter<Address.Layer> LAYER =
      Parameter.of("layer", Types.LAYER, "the heads of one layer; of all layers without it")
          .optional();

  private static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where; at every token without it")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("sweep heads", Group.INTERVENE, "ablate each attention head alone")
          .details(
              """
              One run of the prompts for each head. A row tells, for a head and a group of \
              prompts, the mean change of the metric. The largest effects come first. \
              Ctrl-C leaves the rows that are done.""")
          .parameters(LAYER, AT, HeadFill.MEAN, HeadFill.ZERO, PromptGroups.BY)
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
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    HeadAblation.Fill fill = HeadFill.of(arguments);
    List<HeadAblation> each =
        Sweep.heads(bench.model().config(), fill, places.where()).stream()
            .filter(head -> !arguments.has(LAYER) || head.layer() == arguments.get(LAYER).index())
            .toList();
    return SweepRun.of(
        bench, each, groups, "sweep heads", rows -> table(rows, each, groups, bench, fill, places));
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
  public Plan plan(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    List<HeadAblation> each =
        Sweep.heads(bench.model().config(), HeadFill.of(arguments), places.where()).stream()
            .filter(head -> !arguments.has(LAYER) || head.layer() == arguments.get(LAYER).index())
            .toList();
    return bench.planOf(each);
  }
}
