package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Labels;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.tokenizer.Tokens;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code tokens}: the tokens of the prompts, or of a text, one row each. */
public final class TokensCommand implements Command, Planned {
  private static final String ACTIVATION = "activation";
  private static final String LOSS = "loss";

  private static final Parameter<String> TEXT =
      Parameter.of("text", Types.STRING, "a text to take apart instead of the prompts").optional();

  private static final Parameter<Address> BY =
      Parameter.after(
              "by", "feature", Types.ANY_FEATURE, "shows the prompts coloured by its activations")
          .optional();

  private static final Parameter<Boolean> LOSSES =
      Parameter.flag("losses", "also the loss on each token, predicted from those before it");

  private static final Hooks BEFORE =
      Hooks.none().capture(Location.of(Site.FINAL_NORMALIZED)).withoutLogits();

  private static final Signature SIGNATURE =
      Signature.verb("tokens", Group.SET_UP, "list the tokens of the prompts, or of a text")
          .details(
              """
              Columns: the number of the prompt, the position in it, the id and the text of the \
              token, and the labels there. A text given here gets no beginning-of-text token and \
              does not become the prompt. With 'by' there is also the activation of a feature at \
              each token, and the tokens are shown as strips of text, coloured where the terminal \
              has colours; for 'save' and other verbs the result is the table. With 'losses' there is the loss \
              of each token but the first, in nats; in a 'with' block that of the edited model.""")
          .parameters(TEXT, BY, LOSSES)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig; prompt \"Then, Ann and Bob\"; tokens", "five tokens and one before")
          .example("model sprig; tokens \" restaurant\"", "is it one token?")
          .example(
              "model sprig; prompt \"When Ann and Bob went to the store, Bob\"; tokens by L2.F417",
              "where in the text a feature is active")
          .example(
              """
              model sprig; prompt "Then, Ann and Bob went to the store."
              tokens losses | top 3 by loss""",
              "what is predicted worst")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.has(TEXT) && arguments.has(BY)) {
      throw arguments.fault(
          BY,
          Kind.USAGE,
          "'by' is about the prompts, not about a text given here",
          "make it the prompt first: prompt \"...\"");
    } else if (arguments.get(LOSSES) && (arguments.has(TEXT) || arguments.has(BY))) {
      throw arguments.fault(
          LOSSES, Kind.USAGE, "'losses' is about the prompts and stands alone", "tokens losses");
    } else if (arguments.has(BY)) {
      EngineFacts.requirePrompts(forecast);
      EngineFacts.requireSaes(forecast);
    } else if (arguments.has(TEXT)) {
      EngineFacts.requireModel(forecast);
    } else {
      EngineFacts.requirePrompts(forecast);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    if (arguments.has(BY)) {
      return strips(arguments.get(BY), bench);
    }
    if (arguments.get(LOSSES)) {
      return losses(bench);
    }
    if (!arguments.has(TEXT)) {
      PromptSet prompts = bench.prompts();
      return table(prompts.name(), prompts.prompts());
    }
    Tokens tokens = bench.tokenizer().encode(arguments.get(TEXT), false);
    List<Prompt> one =
        tokens.size() == 0
            ? List.of()
            : List.of(
                new Prompt(
                    arguments.get(TEXT), tokens, Positions.NONE, Optional.empty(), Map.of()));
    return table("tokens", one);
  }

  private static StripsValue strips(Address feature, Workbench bench) {
    Sae sae = SaeAt.of(bench, feature);
    int index = SaeAt.index(feature);
    PromptSet prompts = bench.prompts();
    TableValue tokens = table("activation of " + feature.text(), prompts.prompts());
    double[] activations = new double[tokens.table().rowCount()];
    int[] starts = new int[prompts.size()];
    for (int row = 1; row < starts.length; row++) {
      starts[row] = starts[row - 1] + prompts.prompts().get(row - 1).tokens().size();
    }
    FeatureActivity.firings(
            bench.transformer(), sae, bench.batch(), Places.everywhere(prompts).where())
        .stream()
        .filter(firing -> firing.feature() == index)
        .forEach(f -> activations[starts[f.row()] + f.position()] = f.activation());
    Table table = tokens.table().addColumns(DoubleColumn.create(ACTIVATION, activations));
    return new StripsValue(
        new TableValue(table, Map.of(ACTIVATION, "activation"), List.of()),
        "token",
        ACTIVATION,
        "prompt");
  }

  private static TableValue losses(Workbench bench) {
    PromptSet prompts = bench.prompts();
    TableValue tokens = table("loss on each token", prompts.prompts());
    DoubleColumn losses = DoubleColumn.create(LOSS);
    Transformer model = bench.transformer();
    bench.forward(
        "losses",
        BEFORE,
        (first, some, batch, activations) -> {
          Tensor normalized = activations.get(Location.of(Site.FINAL_NORMALIZED));
          for (int row = 0; row < some.size(); row++) {
            int[] ids = some.prompts().get(row).tokens().ids();
            // Nothing predicts the first token.
            losses.append(Double.NaN);
            if (ids.length == 1) {
              continue;
            }
            long[] next = IntStream.range(1, ids.length).mapToLong(i -> ids[i]).toArray();
            Tensor before = normalized.select(0, row).slice(0, 0, next.length);
            Tensor logs = model.unembed(before).logSoftmax(-1);
            Tensor right = logs.gather(-1, Tensor.of(next, next.length, 1)).reshape(-1);
            for (float log : right.floats()) {
              losses.append(-log);
            }
          }
        });
    return new TableValue(tokens.table().addColumns(losses), Map.of(LOSS, "nats"), List.of());
  }

  private static TableValue table(String title, List<Prompt> prompts) {
    IntColumn number = IntColumn.create("prompt");
    IntColumn position = IntColumn.create("position");
    IntColumn id = IntColumn.create("id");
    StringColumn text = StringColumn.create("token");
    StringColumn labels = StringColumn.create("labels");
    for (int row = 0; row < prompts.size(); row++) {
      Prompt prompt = prompts.get(row);
      for (int at = 0; at < prompt.tokens().size(); at++) {
        number.append(row);
        position.append(at);
        id.append(prompt.tokens().id(at));
        text.append(prompt.tokens().string(at));
        labels.append(Labels.at(prompt, at).stream().collect(Collectors.joining(" ")));
      }
    }
    return new TableValue(Table.create(title, number, position, id, text, labels));
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    if (arguments.get(LOSSES)) {
      long read = bench.prompts().prompts().stream().mapToLong(one -> one.tokens().size()).sum();
      return bench.estimate(BEFORE).reading(read, bench.model().config());
    }
    if (!arguments.has(BY)) {
      return Estimate.NONE;
    }
    Sae sae = SaeAt.of(bench, arguments.get(BY));
    return bench.activityEstimate(sae, Places.everywhere(bench.prompts()).where());
  }
}
