package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.function.IntConsumer;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Counted;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Estimate.Fact;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Generation;
import org.zlens.engine.model.Continuation;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.tokenizer.Tokenizer;

/** {@code generate}: how the model goes on from the prompts. */
public final class GenerateCommand implements Command, Planned {
  private static final int MOST = 100_000;
  private static final char BROKEN = '\uFFFD';

  private static final Hooks BEFORE =
      Hooks.none().capture(Location.of(Site.FINAL_NORMALIZED)).withoutLogits();

  private static final Parameter<Integer> COUNT =
      Parameter.of("tokens", Types.wholeInt(1, MOST), "how many new tokens").orElse(20);

  private static final Parameter<Double> TEMPERATURE =
      Parameter.after(
              "temperature",
              "number",
              Types.positive(),
              "draws tokens, from logits over this number; the most likely one without it")
          .optional();

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "k", Types.count(), "draws are among the k most likely tokens alone")
          .optional();

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "where the draws start; the setting 'seed' without it")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("generate", Group.LOOK, "let the model go on from the prompts")
          .details(
              """
              Takes the most likely token each time, or draws with 'temperature'. It ends before \
              the number of tokens only at an end-of-text token; more than fit the context are an \
              error. In a 'with' block edits act at the places of the prompts that they name, END \
              being the prompt's own last token; edits at ALL, and those without 'at', act on the \
              new tokens too. An edit at ALL that takes values place by place has none for new \
              tokens and is an error there.""")
          .parameters(COUNT, TEMPERATURE, TOP, SEED)
          .result(ValueKind.TABLE)
          .columns("prompt", "text", "continuation", "tokens")
          .pure()
          .example(
              "model sprig\nprompt \"Then, Ann and Bob went to the store.\"\ngenerate 8",
              "the most likely continuation")
          .example(
              "model sprig\nprompt \"Then, Ann and Bob\"\ngenerate 8 temperature 0.8 top 40 seed 3",
              "one that is drawn")
          .example(
              """
              model sprig
              prompt "Then, Ann and Bob went to the store."
              with steer L2.F417 by 4 at ALL {
                generate 8
              }""",
              "under an edit, which acts on the new tokens too")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    for (Parameter<?> parameter : List.of(TOP, SEED)) {
      if (arguments.has(parameter) && !arguments.has(TEMPERATURE)) {
        throw arguments.fault(
            parameter,
            Kind.USAGE,
            "'" + parameter.word() + "' goes with 'temperature' alone",
            "generate 20 temperature 0.8 top 40 seed 3");
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Tokenizer tokenizer = bench.tokenizer();
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    Generation generation =
        new Generation(
            arguments.get(COUNT),
            arguments.find(TEMPERATURE).orElse(0.0),
            arguments.find(TOP).orElse(0),
            seed,
            tokenizer.hasBos() ? tokenizer.bosId() : -1);
    Rows rows = new Rows("continuations of " + bench.prompts().name());
    List<Prompt> prompts = bench.prompts().prompts();
    long total = (long) prompts.size() * arguments.get(COUNT);
    Progress progress = bench.progress("generate");
    // In force are edits whose clean values must outlive each prompt's scope.
    Transformer model = bench.transformer();
    boolean cut = false;
    for (int number = 0; number < prompts.size(); number++) {
      int first = number * arguments.get(COUNT);
      int[] ids =
          continued(
              arguments, bench, model, generation, number, n -> progress.step(first + n, total));
      String text = whole(tokenizer.decode(ids));
      cut |= !text.equals(tokenizer.decode(ids));
      rows.whole("prompt", number)
          .text("text", prompts.get(number).text())
          .text("continuation", text)
          .whole("tokens", ids.length);
    }
    if (arguments.has(TEMPERATURE)) {
      rows.note("drawn with seed " + seed + (arguments.has(SEED) ? "" : " (the setting)"));
    } else {
      rows.note("the most likely token each time");
    }
    if (cut) {
      rows.note("what makes no whole character at an end is left out");
    }
    return rows.table();
  }

  private static int[] continued(
      Arguments arguments,
      Workbench bench,
      Transformer model,
      Generation generation,
      int number,
      IntConsumer done) {
    int[] prompt = bench.prompts().prompts().get(number).tokens().ids();
    if (prompt.length + generation.most() - 1 > model.config().context()) {
      throw arguments.fault(
          COUNT,
          Kind.RUNTIME,
          "prompt "
              + number
              + " has "
              + prompt.length
              + " tokens, after which "
              + generation.most()
              + " more do not fit the context of "
              + model.config().context(),
          "at most " + (model.config().context() - prompt.length + 1));
    }
    try (Scope scope = Scope.open()) {
      return generation.of(
          model,
          prompt,
          number,
          ids -> {
            done.accept(ids.length - prompt.length);
            return bench.continued(number, ids);
          });
    }
  }

  /** Without the bytes of a character that the last token has only begun. */
  private static String whole(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == BROKEN) {
      end--;
    }
    return text.substring(0, end);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    int most = arguments.get(COUNT);
    ModelConfig config = bench.model().config();
    PromptSet prompts = bench.prompts();
    Cost cost = Cost.NONE;
    long bytes = 0;
    for (Prompt prompt : prompts.prompts()) {
      WholePass first = WholePass.of(config, 1, prompt.tokens().size(), BEFORE);
      int grown = prompt.tokens().size() + most - 1;
      cost =
          cost.plus(first.cost())
              .plus(WholePass.next(config, grown).times(most - 1))
              .plus(WholePass.logits(config, most));
      Hooks kept = Hooks.none().capture(Continuation.kept(config));
      bytes =
          Math.max(bytes, first.bytes() + 3 * WholePass.keptBytes(config, grown, kept.captured()));
    }
    String each = "a pass over each of " + Counted.of(prompts.size(), "prompt");
    return new Estimate(List.of(), cost, bytes)
        .told(
            new Fact(
                "passes",
                each + ", then " + Counted.of(most - 1, "more", "more") + " beside it at most"),
            new Fact("layers", "all " + config.layers()),
            new Fact("positions", "all of a prompt, then that of the new token alone"),
            new Fact("logits", Estimate.logits((long) most * prompts.size(), 0)))
        .orLess();
  }
}
