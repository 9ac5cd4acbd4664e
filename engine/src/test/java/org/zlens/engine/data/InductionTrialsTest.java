package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.zlens.engine.ZlensException;

class InductionTrialsTest {
  private static final int[] POOL = IntStream.range(0, 400).toArray();

  @Property(tries = 40)
  void copiesStandWhereTheySayAndNothingElseRepeats(
      @ForAll @IntRange(min = 1, max = 9) int prefix, @ForAll long seed) {
    for (var trial : InductionTrials.draw(POOL, 399, 128, prefix, 5, seed).trials()) {
      int[] ids = trial.ids();
      assertThat(ids).hasSize(128).startsWith(399);
      assertThat(Arrays.copyOfRange(ids, trial.to(), trial.to() + prefix))
          .isEqualTo(Arrays.copyOfRange(ids, trial.from(), trial.from() + prefix));
      assertThat(Arrays.stream(ids).distinct().count()).isEqualTo(128L - prefix);
      assertThat(trial.from()).isBetween(1, 98);
      assertThat(trial.to()).isBetween(trial.from() + prefix + 1, 127 - prefix);
      assertThat(ids[trial.destination()]).isEqualTo(ids[trial.source() - 1]);
    }
  }

  @Property(tries = 1)
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> InductionTrials.draw(POOL, 399, 128, 20, 1, 1))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("does not fit");
    assertThatThrownBy(() -> InductionTrials.draw(new int[90], 399, 128, 2, 1, 1))
        .hasMessageContaining("need a pool of 127, found 1");
  }
}
