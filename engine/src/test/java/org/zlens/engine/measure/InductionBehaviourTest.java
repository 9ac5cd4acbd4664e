package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.attribute.LogitEffect;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.InductionBehaviour.Score;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Counts against a search through every pair of places for one feature at a time. */
class InductionBehaviourTest {
  private static final int FEATURES = 30;
  private static final Progress SILENT = (done, total) -> {};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void countsWhatASearchFinds(int seed) {
    try (RandomModel random = RandomModel.processed(seed).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(1);
      int[] features = IntStream.range(0, FEATURES).filter(i -> i % 4 != 3).toArray();
      int favourite = LogitEffect.of(random.model(), sae, 5).top(1).get(0).token();
      // Few different tokens, so that pairs come again, the favourite of one feature among them.
      long[] ids = new long[3 * 14];
      for (int i = 0; i < ids.length; i++) {
        int drawn = (int) (Integer.toUnsignedLong(seed * 31 + i * i * 7919) % 4);
        ids[i] = drawn == 0 ? favourite : drawn;
      }
      Batch batch = new Batch(Tensor.of(ids, 3, 14), new int[] {14, 9, 12});
      List<Score> scores =
          InductionBehaviour.of(
              random.model(), sae, features, List.of(batch).iterator(), 1, SILENT);
      float[] acts =
          sae.encode(
                  random
                      .model()
                      .forward(batch.tokens(), Hooks.none().capture(sae.location()))
                      .get(sae.location()))
              .floats();
      assertThat(scores).hasSize(features.length);
      long all = 0;
      for (Score score : scores) {
        int token = LogitEffect.of(random.model(), sae, score.feature()).top(1).get(0).token();
        long[] counts = new long[4];
        for (int row = 0; row < 3; row++) {
          for (int position = 1; position < batch.lengths()[row]; position++) {
            if (ids[row * 14 + position] == token) {
              boolean active = acts[(row * 14 + position - 1) * FEATURES + score.feature()] > 0;
              boolean again = cameBefore(ids, row * 14, position);
              counts[again ? 0 : 2]++;
              counts[again ? 1 : 3] += active == again ? 1 : 0;
            }
          }
        }
        assertThat(score)
            .isEqualTo(
                new Score(score.feature(), token, counts[0], counts[1], counts[2], counts[3]));
        all += score.repeats();
      }
      assertThat(all).isPositive();
    }
  }

  private static boolean cameBefore(long[] ids, int start, int position) {
    for (int earlier = 1; earlier < position; earlier++) {
      if (ids[start + earlier] == ids[start + position]
          && ids[start + earlier - 1] == ids[start + position - 1]) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aFeatureWhoseTokenNeverComesAgainDoesNotPass() {
    Score score = new Score(3, 7, 0, 0, 12, 12);
    assertThat(score.passRate()).isNaN();
    assertThat(score.passes()).isFalse();
    assertThat(new Score(3, 7, 10, 6, 0, 0).passes()).isFalse();
    assertThat(new Score(3, 7, 10, 7, 0, 0).passes()).isTrue();
  }

  @Test
  void featuresThatAreNotThereAreRefused() {
    try (RandomModel random = RandomModel.processed(1).withSaes(FEATURES)) {
      Sae sae = random.saes().attention(0);
      Iterator<Batch> none = List.<Batch>of().iterator();
      assertThatThrownBy(
              () -> InductionBehaviour.of(random.model(), sae, new int[0], none, 0, SILENT))
          .isInstanceOf(ZlensException.class);
      assertThatThrownBy(
              () -> InductionBehaviour.of(random.model(), sae, new int[] {30}, none, 0, SILENT))
          .hasMessageContaining("no feature L0.F30");
    }
  }
}
