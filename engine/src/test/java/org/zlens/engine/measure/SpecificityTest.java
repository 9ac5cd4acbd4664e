package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Counts by hand, on made-up activations and on those of a model; and the law of merging. */
class SpecificityTest {
  private static final Proxy EVEN = (row, ids, position) -> ids[position] % 2 == 0;

  private static Specificity of(int examples, float[]... rows) {
    Specificity all = new Specificity(examples);
    for (int row = 0; row < rows.length; row++) {
      int[] ids = new int[rows[row].length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = i;
      }
      for (int i = 0; i < ids.length; i++) {
        all.add(row, ids, i, rows[row][i], EVEN);
      }
    }
    return all;
  }

  @Test
  void bandsAreOfEqualWidthFromTheSmallestActivationToTheLargest() {
    // Even places have the proxy: 1, 3, 5 do; 2 and 5 of the odd ones do not.
    Specificity found = of(5, new float[] {1, 2, 3, 0, 5, 5, 0, 0, 0});
    assertThat(found.tokens()).isEqualTo(9);
    assertThat(found.holds()).isEqualTo(5);
    assertThat(found.active()).isEqualTo(5);
    assertThat(found.both()).isEqualTo(3);
    assertThat(found.falseNegatives()).isEqualTo(2);
    assertThat(found.bands(4))
        .containsExactly(
            new Band(1, 2, 1, 0), new Band(2, 3, 0, 1), new Band(3, 4, 1, 0), new Band(4, 5, 1, 1));
    assertThat(found.bands(1)).containsExactly(new Band(1, 5, 3, 2));
    assertThat(found.misses()).extracting(Specificity.Place::position).containsExactly(6, 8);
    assertThat(found.exceptions())
        .extracting(Specificity.Place::activation)
        .containsExactly(5., 2.);
  }

  @Test
  void aFeatureThatIsNeverActiveHasNoBands() {
    Specificity found = of(1, new float[] {0, 0, 0});
    assertThat(found.bands(10)).isEmpty();
    assertThat(found.falseNegatives()).isEqualTo(2);
    assertThat(found.misses()).hasSize(1);
  }

  @Test
  void oneActivationMakesOneBandThatIsNotEmpty() {
    Specificity found = of(0, new float[] {0, 2.5f});
    assertThat(found.bands(3).stream().mapToLong(Band::other).sum()).isEqualTo(1);
    assertThat(found.bands(3).get(0).share()).isZero();
    assertThat(found.bands(3).get(1).share()).isNaN();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void thePartsOfATextAddUpToTheWhole(long seed) {
    Random random = new Random(seed);
    int rows = 2 + random.nextInt(8);
    float[][] text = new float[rows][];
    for (int row = 0; row < rows; row++) {
      text[row] = new float[1 + random.nextInt(9)];
      for (int i = 0; i < text[row].length; i++) {
        text[row][i] = Math.max(0, random.nextFloat() * 4 - 2);
      }
    }
    Specificity whole = of(4, text);
    Specificity sum = new Specificity(4);
    for (int from = 0; from < rows; ) {
      int to = from + 1 + random.nextInt(rows - from);
      float[][] part = new float[to - from][];
      System.arraycopy(text, from, part, 0, part.length);
      sum = sum.plus(of(4, part));
      from = to;
    }
    assertThat(sum.tokens()).isEqualTo(whole.tokens());
    assertThat(sum.holds()).isEqualTo(whole.holds());
    assertThat(sum.bands(7)).isEqualTo(whole.bands(7));
    assertThat(sum.exceptions())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("row")
        .containsExactlyElementsOf(whole.exceptions());
    assertThat(sum.misses()).hasSameSizeAs(whole.misses());
  }

  @Test
  void agreesWithASearchThroughAModelsActivations() {
    try (RandomModel random = RandomModel.processed(3).withSaes(20);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(1);
      Batch batch = new Batch(random.tokens(3, 8), new int[] {8, 3, 6});
      Specificity found =
          Specificity.of(
              random.model(), sae, 7, EVEN, TextBatches.of(List.of(batch)), 3, Progress.NONE);
      Tensor acts =
          sae.encode(
              random
                  .model()
                  .forward(batch.tokens(), Hooks.none().capture(sae.location()))
                  .get(sae.location()));
      long[] ids = batch.tokens().longs();
      List<Float> even = new ArrayList<>();
      int active = 0;
      int holds = 0;
      for (int row = 0; row < 3; row++) {
        for (int position = 0; position < batch.lengths()[row]; position++) {
          float act = acts.select(0, row).select(0, position).floats()[7];
          boolean has = ids[row * 8 + position] % 2 == 0;
          active += act > 0 ? 1 : 0;
          holds += has ? 1 : 0;
          if (act > 0 && has) {
            even.add(act);
          }
        }
      }
      assertThat(found.tokens()).isEqualTo(17);
      assertThat(found.active()).isEqualTo(active).isPositive();
      assertThat(found.holds()).isEqualTo(holds);
      assertThat(found.both()).isEqualTo(even.size());
      assertThat(found.bands(50).stream().mapToDouble(b -> b.centre() * b.proxy()).sum())
          .isEqualTo(
              even.stream().mapToDouble(Float::doubleValue).sum(),
              offset(even.size() * found.largest() / 100));
      assertThatThrownBy(
              () ->
                  Specificity.of(
                      random.model(), sae, 20, EVEN, TextBatches.of(List.of()), 0, Progress.NONE))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("no feature L1.F20");
    }
  }
}
