package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.tokenizer.Tokens;

/** Prompts of different lengths together are the same prompts alone. */
class BatchTest {
  private static Prompt prompt(int[] ids, int s2) {
    Tokens tokens = new Tokens(ids, Collections.nCopies(ids.length, "x"), false);
    return new Prompt("x", tokens, new Positions(Map.of("S2", s2)), Optional.empty(), Map.of());
  }

  private static final AnswerPair PAIR = new AnswerPair(" Ann", 8, " Bob", 9);

  @Test
  void aSetOfPromptsIsEachOfThem() {
    PromptSet set =
        new PromptSet(
            "two",
            List.of(
                prompt(new int[] {1, 2, 3, 4, 5}, 3).withAnswer(PAIR),
                prompt(new int[] {7, 6, 5}, 1).withAnswer(PAIR)));
    try (RandomModel random = RandomModel.processed(2).withSaes(40);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(set);
      assertThat(batch.ends()).containsExactly(4, 2);
      assertThat(batch.isRagged()).isTrue();
      Metric metric = Metric.of(set);
      assertThat(metric.name()).isEqualTo("logit difference");
      ErrorAblation ablation =
          new ErrorAblation(random.saes().attention(1), Where.each(set.positions("S2", 0)));
      Outcome together = Experiment.measure(random.model(), batch, metric, ablation);
      for (int i = 0; i < 2; i++) {
        PromptSet one = PromptSet.of(set.prompts().get(i));
        Outcome alone =
            Experiment.measure(
                random.model(),
                Batch.of(one),
                Metric.of(one),
                new ErrorAblation(random.saes().attention(1), Where.each(one.positions("S2", 0))));
        assertThat(together.clean()[i])
            .isCloseTo(alone.clean()[0], org.assertj.core.data.Offset.offset(1e-5));
        assertThat(together.changed()[i])
            .isCloseTo(alone.changed()[0], org.assertj.core.data.Offset.offset(1e-5));
      }
    }
  }

  @Test
  void withoutAnswersTheLossIsRead() {
    PromptSet set = PromptSet.of(prompt(new int[] {1, 2}, 0));
    assertThat(Metric.of(set).name()).isEqualTo("next-token loss");
    assertThatThrownBy(() -> Metric.logitDifference(set)).hasMessageContaining("no answer pair");
  }

  @Test
  void lengthsMustFitTheTokens() {
    try (Scope scope = Scope.open()) {
      Tensor tokens = Tensor.of(new long[6], 2, 3);
      assertThatThrownBy(() -> new Batch(tokens, new int[] {3, 4}))
          .hasMessageContaining("length 4 does not fit");
      assertThatThrownBy(() -> new Batch(tokens, new int[] {3}))
          .hasMessageContaining("1 lengths for 2 prompts");
    }
  }
}
