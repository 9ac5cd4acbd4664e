package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.InductionTrials;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.sprig.Lexicon;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.tokenizer.Tokenizer;

/** {@code dataset induction}: random tokens of which a few come again (section D-Fig4a). */
final class InductionSource implements PromptSource {
  private static final int LONGEST_PREFIX = 14;
  private static final int PAPER_LENGTH = 128;

  private static final Parameter<List<Long>> PREFIX =
      Parameter.after(
              "prefix",
              "lengths",
              Types.listOf(Types.whole(1, LONGEST_PREFIX)),
              "how many tokens come again: one number, or several as in 1..9")
          .orElse(List.of(1L));

  @Override
  public String word() {
    return "induction";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SEED, PREFIX, LENGTH);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.of(Set.of("FIRST", "SOURCE", "SECOND"));
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.of(true);
  }

  @Override
  public PromptSet draw(Draw draw) {
    Tokenizer tokenizer = draw.tokenizer();
    int[] pool = pool(draw);
    int length = length(draw, pool);
    List<Prompt> prompts = new ArrayList<>();
    for (long prefix : draw.arguments().get(PREFIX)) {
      try {
        InductionTrials trials =
            InductionTrials.draw(
                pool, tokenizer.bosId(), length, (int) prefix, draw.count(), draw.seed() + prefix);
        prompts.addAll(trials.prompts(tokenizer, draw.seed() - prefix).prompts());
      } catch (ZlensException e) {
        throw draw.arguments().fault(LENGTH, e.kind(), e.getMessage(), e.hint());
      }
    }
    return new PromptSet(word(), prompts);
  }

  /** The whole vocabulary as in the paper; of sprig the words that its text repeats. */
  private static int[] pool(Draw draw) {
    LanguageModel model = Workbench.of(draw.session()).model();
    Tokenizer tokenizer = draw.tokenizer();
    if (model.name().equals(ModelLoader.SPRIG)) {
      return Lexicon.POOL.stream().mapToInt(word -> tokenizer.singleId(" " + word)).toArray();
    }
    return IntStream.range(0, Math.min(tokenizer.vocabularySize(), model.config().dVocab()))
        .filter(id -> id != tokenizer.bosId())
        .toArray();
  }

  private static int length(Draw draw, int[] pool) {
    Arguments arguments = draw.arguments();
    int context = Workbench.of(draw.session()).model().config().context();
    return arguments
        .find(LENGTH)
        .orElse(Math.min(PAPER_LENGTH, Math.min(context, pool.length + 1)));
  }

  @Override
  public String note(Draw draw) {
    return "prefix "
        + String.join(", ", draw.arguments().get(PREFIX).stream().map(String::valueOf).toList())
        + (draw.arguments().has(PREFIX) ? "" : " (default)")
        + ", rows of "
        + length(draw, pool(draw))
        + " tokens, cut off behind the copy, "
        + PromptSource.seedNote(draw);
  }
}
