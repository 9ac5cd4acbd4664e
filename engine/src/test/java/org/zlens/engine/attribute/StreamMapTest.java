package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.runtime.Scope;

/** Parts of the stream that are worked out once have the images of those that are never kept. */
class StreamMapTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void imagesAreThoseOfThePlainMap(int width) {
    try (RandomModel random = RandomModel.grouped(31).withSaes(40);
        Scope scope = Scope.open()) {
      // More positions than are encoded at once do not fit this model's context; two rows do.
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 9));
      for (int trial = 0; trial < 12; trial++) {
        int layer = trial % 4;
        int row = trial % 2;
        int position = trial * 5 % 9;
        float[] matrix = random.normal(1, 20, width).floats();
        StreamMap map = new StreamMap(run, layer, row, position, matrix, width);
        PlainStreamMap plain = new PlainStreamMap(run, layer, row, position, matrix, width);
        for (StreamSplit split : StreamSplit.values()) {
          if (layer == 3 && split == StreamSplit.RESIDUAL_FEATURES) {
            assertThat(map.split(split)).isEmpty();
            continue;
          }
          same(map.split(split).orElseThrow(), plain.split(split).orElseThrow());
        }
      }
    }
  }

  private static void same(List<StreamMap.Image> actual, List<StreamMap.Image> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      StreamMap.Image one = actual.get(i);
      StreamMap.Image other = expected.get(i);
      assertThat(one.part()).isEqualTo(other.part());
      assertThat(one.layer()).isEqualTo(other.layer());
      assertThat(one.index()).isEqualTo(other.index());
      assertThat(one.position()).isEqualTo(other.position());
      assertClose(one.part().label(), floats(one.values()), floats(other.values()), 1e-4);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
