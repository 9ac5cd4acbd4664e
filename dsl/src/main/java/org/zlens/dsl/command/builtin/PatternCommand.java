package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
import org.zlens.dsl.command.engine.PatternTable;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/** {@code pattern}: where heads look. */
public final class PatternCommand implements Command, Planned {
  private static final Parameter<List<Address.Head>> HEADS =
      Parameter.of("head", Types.HEAD, "heads such as L1.H3").many();

  private static final Parameter<List<Position>> AT =
      Parameter.after(
              "at",
              "position",
              Types.listOf(Types.POSITION),
              "from where they look; END without it")
          .optional();

  private static final Parameter<Boolean> MEAN =
      Parameter.flag("mean", "the mean over the prompts, by label of the source");

  private static final Signature SIGNATURE =
      Signature.verb("pattern", Group.LOOK, "list how much heads attend to each position")
          .details(
              """
              One row for each source position up to the one that looks; the weights of one \
              position sum to 1. With 'mean', prompts of any lengths are averaged by the labels of \
              their positions (a position with several labels counts for the first); positions \
              without a label are summed in the row '(other)'.""")
          .parameters(HEADS, AT, MEAN)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"\n"
                  + "pattern L1.H3 at \" Bob\"#2 | top 3 by weight",
              "where head 3 of layer 1 looks from the second Bob")
          .example(
              "model sprig; dataset ioi n 8; pattern L3.H0 L3.H1 at END mean",
              "mean weights by label")
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
    PromptSet prompts = bench.prompts();
    Places places = Places.of(prompts, arguments, AT, new Position.End(0));
    List<int[]> rows = places.rows();
    List<Address.Head> heads = arguments.get(HEADS);
    PatternTable table = new PatternTable(prompts);
    bench.forward(
        "pattern",
        hooks(heads),
        (first, some, batch, activations) -> {
          for (Address.Head head : heads) {
            Tensor pattern = activations.get(Site.PATTERN, head.in()).select(1, head.index());
            for (int row = 0; row < some.size(); row++) {
              for (int from : rows.get(first + row)) {
                session.cancellation().poll();
                float[] weights = pattern.select(0, row).select(0, from).floats();
                table.add(head, first + row, from, weights);
              }
            }
          }
        });
    List<String> notes = new ArrayList<>();
    if (!arguments.has(AT)) {
      notes.add("from END, the last token (default)");
    }
    if (arguments.get(MEAN)) {
      notes.add("mean over " + prompts.size() + " prompts, from " + places.text());
    }
    return new TableValue(arguments.get(MEAN) ? table.means() : table.table(), Map.of(), notes);
  }

  private static Hooks hooks(List<Address.Head> heads) {
    Location[] sites =
        new TreeSet<>(heads.stream().map(Address.Head::in).toList())
            .stream().map(layer -> Location.of(Site.PATTERN, layer)).toArray(Location[]::new);
    return Hooks.none().capture(sites).withoutLogits();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    return Workbench.of(session).estimate(hooks(arguments.get(HEADS)));
  }
}
