package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.zlens.dsl.command.engine.LogitTable;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;

/** {@code logits}: what the model predicts. */
public final class LogitsCommand implements Command, Planned {
  private static final int TOP_OF_ONE = 10;
  private static final int TOP_OF_MANY = 1;

  /** All but the logits, which are worked out where they are asked for alone. */
  private static final Hooks BEFORE =
      Hooks.none().capture(Location.of(Site.FINAL_NORMALIZED)).withoutLogits();

  private static final Parameter<List<Position>> AT =
      Parameter.after(
              "at", "position", Types.listOf(Types.POSITION), "whose predictions; END without it")
          .optional();

  private static final Parameter<Integer> TOP =
      Parameter.after(
              "top", "count", Types.count(), "tokens shown; 10 of one prompt, 1 of each of several")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("logits", Group.LOOK, "list the tokens that the model expects next")
          .details(
              """
              The most likely tokens with logit and probability. Where a prompt has an answer \
              pair, its two tokens are listed too, at whatever rank, and the column 'difference' \
              says by how much each logit exceeds that of the wrong token: in the answer's row it \
              is the logit difference.""")
          .parameters(AT, TOP)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\nprompt \"When Ann and Bob went to the store, Bob gave a drink to\""
                  + " answer \" Ann\" over \" Bob\"\nlogits top 3",
              "three tokens, and the answer pair")
          .example(
              "model sprig; dataset ioi n 8; logits | where answer = \"right\"",
              "the answer's rank and logit difference in each prompt")
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
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return forecast.ask(EngineFacts.ANSWERED).value().map(LogitTable::columns);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    PromptSet prompts = bench.prompts();
    Places places = Places.of(prompts, arguments, AT, new Position.End(0));
    List<int[]> rows = places.rows();
    boolean one = prompts.size() == 1;
    int top = arguments.find(TOP).orElse(one ? TOP_OF_ONE : TOP_OF_MANY);
    LogitTable table = new LogitTable(prompts, top, bench::piece);
    Transformer model = bench.transformer();
    bench.forward(
        "logits",
        BEFORE,
        (first, some, batch, activations) -> {
          Tensor normalized = activations.get(Location.of(Site.FINAL_NORMALIZED));
          for (int row = 0; row < some.size(); row++) {
            for (int position : rows.get(first + row)) {
              session.cancellation().poll();
              Tensor here = normalized.select(0, row).select(0, position);
              table.add(first + row, position, model.unembed(here.unsqueeze(0)).floats());
            }
          }
        });
    return new TableValue(
        table.table(), Map.of("logit", "logits", "difference", "logits"), notes(arguments, table));
  }

  private static List<String> notes(Arguments arguments, LogitTable table) {
    List<String> notes = new ArrayList<>();
    if (!arguments.has(AT)) {
      notes.add("at END, the last token (default)");
    }
    Optional<Double> mean = table.meanDifference();
    mean.ifPresent(
        difference ->
            notes.add(
                (table.pairs() == 1 ? "logit difference: " : "mean logit difference at END: ")
                    + NumberValue.format(difference)));
    return notes;
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = Places.of(bench.prompts(), arguments, AT, new Position.End(0));
    long read = places.rows().stream().mapToLong(row -> row.length).sum();
    return bench.estimate(BEFORE).reading(read, bench.model().config());
  }
}
