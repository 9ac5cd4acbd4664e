package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Set;
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
    Tokenizer tokenizer = bench.model().tokenizerOrNull();
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    Generation generation =
        new Generation(
            arguments.get(COUNT),
            arguments.find(TEMPERATURE).orElse(0.0),
            arguments.find(TOP).orElse(0),
            seed,
            tokenizer == null ? Set.of() : tokenizer.special().ends());
    Rows rows = new Rows("continuations of " + bench.prompts().name());
    List<Prompt> prompts = bench.prompts().prompts();
    for (int number = 0; number < prompts.size(); number++) {
      requireRoom(arguments, bench, number);
    }
    Progress progress = bench.progress("generate");
    // In force are edits whose clean values must outlive the scope of a few prompts.
    Transformer model = bench.transformer();
    boolean cut = false;
    int together = together(bench, arguments.get(COUNT));
    for (int first = 0; first < prompts.size(); first += together) {
      int last = Math.min(first + together, prompts.size());
      int[][] made = continued(bench, model, generation, first, last, progress);
      for (int number = first; number < last; number++) {
        int[] ids = made[number - first];
        String all = bench.text(ids);
        String text = whole(all);
        cut |= !text.equals(all);
        rows.whole("prompt", number)
            .text("text", prompts.get(number).text())
            .text("continuation", text)
            .whole("tokens", ids.length);
      }
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

  private static void requireRoom(Arguments arguments, Workbench bench, int number) {
    int length = bench.prompts().prompts().get(number).tokens().size();
    int most = arguments.get(COUNT);
    int context = bench.model().config().context();
    if (length + most - 1 > context) {
      throw arguments.fault(
          COUNT,
          Kind.RUNTIME,
          "prompt "
              + number
              + " has "
              + length
              + " tokens, after which "
              + most
              + " more do not fit the context of "
              + context,
          "at most " + (context - length + 1));
    }
  }

  /** Bytes that a prompt takes while it goes on. */
  private static long bytes(Workbench bench, Prompt prompt, int most) {
    ModelConfig config = bench.model().config();
    Hooks kept = Hooks.none().capture(Continuation.kept(config));
    int size = prompt.tokens().size();
    // Keys and values of the prompt stand beside those of all positions when these are laid out.
    return WholePass.of(config, 1, size, BEFORE).bytes()
        + 2 * WholePass.keptBytes(config, size + most - 1, kept.captured());
  }

  /** How many prompts go on together. */
  private static int together(Workbench bench, int most) {
    long each =
        bench.prompts().prompts().stream()
            .mapToLong(prompt -> bytes(bench, prompt, most))
            .max()
            .orElse(0);
    return bench.together(each);
  }

  private static int[][] continued(
      Workbench bench,
      Transformer model,
      Generation generation,
      int first,
      int last,
      Progress progress) {
    List<Prompt> prompts = bench.prompts().prompts();
    int[][] some =
        prompts.subList(first, last).stream()
            .map(prompt -> prompt.tokens().ids())
            .toArray(int[][]::new);
    long total = (long) prompts.size() * generation.most();
    return generation.of(
        model,
        some,
        first,
        (from, ids, rows) -> {
          long made = (long) from * generation.most();
          for (int row = 0; row < ids.length; row++) {
            made += ids[row].length - prompts.get(from + row).tokens().size();
          }
          progress.step(made, total);
          return bench.continued(from, ids, rows);
        });
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
    for (int number = 0; number < prompts.size(); number++) {
      requireRoom(arguments, bench, number);
    }
    if (Generation.takesWholePasses(bench.transformer())) {
      return wholePasses(config, prompts, most);
    }
    int together = together(bench, most);
    for (int from = 0; from < prompts.size(); from += together) {
      int to = Math.min(from + together, prompts.size());
      List<Prompt> some = prompts.prompts().subList(from, to);
      int rows = some.size();
      int longest = new PromptSet(prompts.name(), some).longest();
      cost =
          cost.plus(WholePass.of(config, rows, longest, BEFORE).cost())
              .plus(WholePass.next(config, rows, longest + most - 1).times(most - 1))
              .plus(WholePass.logits(config, rows).times(most));
      bytes = Math.max(bytes, some.stream().mapToLong(one -> bytes(bench, one, most)).sum());
    }
    int passes = (prompts.size() + together - 1) / together;
    String each =
        passes == 1
            ? "a pass over " + Counted.of(prompts.size(), "prompt")
            : passes + " passes over at most " + together + " prompts each";
    return new Estimate(List.of(), cost, bytes)
        .told(
            new Fact(
                "passes",
                each
                    + ", then "
                    + Counted.of(most - 1, "more", "more")
                    + " beside "
                    + (passes == 1 ? "it" : "each")
                    + " at most"),
            new Fact("layers", "all " + config.layers()),
            new Fact("positions", "all of a prompt, then that of the new token alone"),
            new Fact("logits", Estimate.logits((long) most * prompts.size(), 0)))
        .orLess();
  }

  /** What it takes where edits in force must see all of a prompt for each new token. */
  private static Estimate wholePasses(ModelConfig config, PromptSet prompts, int most) {
    Cost cost = Cost.NONE;
    long bytes = 0;
    for (Prompt prompt : prompts.prompts()) {
      int length = prompt.tokens().size();
      // Each pass is a token longer than the one before.
      WholePass middle = WholePass.of(config, 1, length + (most - 1) / 2, BEFORE);
      cost = cost.plus(middle.cost().plus(WholePass.logits(config, 1)).times(most));
      bytes = Math.max(bytes, WholePass.of(config, 1, length + most - 1, BEFORE).bytes());
    }
    long passes = (long) most * prompts.size();
    return new Estimate(List.of(), cost, bytes)
        .told(
            new Fact(
                "passes",
                Counted.of(passes, "whole pass", "whole passes")
                    + ", one for each new token: an edit in force looks at more than its own"
                    + " place"),
            new Fact("layers", "all " + config.layers()),
            new Fact("positions", "all of a prompt and of what follows it, each time"),
            new Fact("logits", Estimate.logits(passes, 0)))
        .orLess();
  }
}
