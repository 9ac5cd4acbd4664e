package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Counts and means against the activations themselves. */
class FeatureActivityTest {
  private static final int FEATURES = 40;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void countsWhatTheEncoderSays(int seed) {
    try (RandomModel random = RandomModel.processed(seed).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(1);
      Tensor tokens = random.tokens(3, 8);
      Batch batch = new Batch(tokens, new int[] {8, 6, 7});
      float[] acts =
          sae.encode(
                  random
                      .saes()
                      .model()
                      .forward(tokens, Hooks.none().capture(sae.location()))
                      .get(sae.location()))
              .floats();
      List<List<Integer>> places = List.of(List.of(2, 7), List.of(5), List.of());
      Where where =
          Where.rows(
              places.stream()
                  .map(row -> row.stream().mapToInt(Integer::intValue).toArray())
                  .toList());
      List<FeatureActivity> found = FeatureActivity.of(random.saes().model(), sae, batch, where);
      int active = 0;
      for (int feature = 0; feature < FEATURES; feature++) {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < 3; row++) {
          for (int position : places.get(row)) {
            float act = acts[(row * 8 + position) * FEATURES + feature];
            sum += act;
            count += act > 0 ? 1 : 0;
          }
        }
        active += count;
        int wanted = feature;
        List<FeatureActivity> own = found.stream().filter(f -> f.feature() == wanted).toList();
        assertThat(own).hasSize(count == 0 ? 0 : 1);
        if (count > 0) {
          FeatureActivity one = own.get(0);
          assertThat(one.places()).isEqualTo(count);
          assertThat(one.mean()).isEqualTo(sum / 3, offset(1e-5));
          assertThat(one.max())
              .isEqualTo(acts[(one.row() * 8 + one.position()) * FEATURES + feature], offset(1e-5));
          assertThat(one.prompts().get(one.row())).isTrue();
          assertThat(one.prompts().get(2)).isFalse();
        }
      }
      assertThat(FeatureActivity.firings(random.saes().model(), sae, batch, where)).hasSize(active);
      assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.mean(), a.mean()));
    }
  }
}
