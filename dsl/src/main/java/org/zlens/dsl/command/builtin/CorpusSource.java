package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.CurrentCorpus;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.model.LanguageModel;

/** {@code dataset corpus}: the first rows of the corpus, as a training of SAEs reads them. */
final class CorpusSource implements PromptSource {
  private static final int USUAL_LENGTH = 64;

  @Override
  public String word() {
    return "corpus";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(LENGTH);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.of(Set.of());
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.of(false);
  }

  @Override
  public PromptSet draw(Draw draw) {
    LanguageModel model = Workbench.of(draw.session()).model();
    int length = length(draw);
    if (length < 2 || length > model.config().context()) {
      throw draw.arguments()
          .fault(
              LENGTH,
              Kind.TYPE,
              "rows have 2 to "
                  + model.config().context()
                  + " tokens, the context of '"
                  + model.name()
                  + "', found "
                  + length,
              null);
    }
    List<Prompt> prompts = new ArrayList<>();
    for (int[] row : corpus(draw).rows(model, length).next(draw.count())) {
      prompts.add(Prompt.of(draw.tokenizer(), row, draw.tokenizer().prependsBos()));
    }
    return new PromptSet(word(), prompts);
  }

  private static CurrentCorpus corpus(Draw draw) {
    return draw.session()
        .get(Slots.CORPUS, "name some: corpus \"text.jsonl.zst\", or corpus sprig");
  }

  private static int length(Draw draw) {
    int context = Workbench.of(draw.session()).model().config().context();
    return draw.arguments().find(LENGTH).orElse(Math.min(USUAL_LENGTH, context));
  }

  @Override
  public String note(Draw draw) {
    return corpus(draw).name()
        + ", rows of "
        + length(draw)
        + " tokens"
        + (draw.arguments().has(LENGTH) ? "" : " (default)");
  }
}
