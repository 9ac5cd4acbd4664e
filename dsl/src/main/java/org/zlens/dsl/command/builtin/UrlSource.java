package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.BosRule;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.Urls;

/** {@code dataset urls}: links that end in a random code (section D-Fig3). */
final class UrlSource implements PromptSource {
  @Override
  public String word() {
    return "urls";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SEED, BosRule.WITH, BosRule.WITHOUT);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.of(Set.of("CODE"));
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.of(false);
  }

  @Override
  public PromptSet draw(Draw draw) {
    return Urls.draw(draw.tokenizer(), draw.bos(), draw.count(), draw.seed());
  }

  @Override
  public String note(Draw draw) {
    return PromptSource.seedNote(draw);
  }
}
