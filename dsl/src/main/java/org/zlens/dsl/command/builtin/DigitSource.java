package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.BosRule;
import org.zlens.engine.data.Digits;
import org.zlens.engine.data.PromptSet;

/** {@code dataset digits}: denominators to be copied (section D-Fig3). */
final class DigitSource implements PromptSource {
  @Override
  public String word() {
    return "digits";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SEED, BosRule.WITH, BosRule.WITHOUT);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.of(Set.of("TOTAL"));
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.of(true);
  }

  @Override
  public PromptSet draw(Draw draw) {
    return Digits.draw(draw.tokenizer(), draw.bos(), draw.count(), draw.seed());
  }

  @Override
  public String note(Draw draw) {
    return PromptSource.seedNote(draw);
  }
}
