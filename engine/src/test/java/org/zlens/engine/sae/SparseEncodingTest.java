package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What is active, against the dense activations of the same vectors. */
class SparseEncodingTest {
  private static final int INPUTS = 6;

  private static Tensor gaussian(Random random, int... shape) {
    int count = 1;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
      count *= shape[i];
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, sizes);
  }

  private static Sae sae(SaeEncoder encoder, InputNormalization normalization, int width) {
    Random random = new Random(3);
    try (Scope scope = Scope.open()) {
      return new Sae(
          Location.of(Site.RESID_PRE, 1),
          WeightBasis.PROCESSED,
          encoder,
          normalization,
          true,
          gaussian(random, INPUTS, width),
          gaussian(random, width),
          gaussian(random, width, INPUTS),
          gaussian(random, INPUTS));
    }
  }

  private static float[] numbers(int width) {
    Random random = new Random(9);
    float[] values = new float[width];
    for (int i = 0; i < width; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static Stream<SaeEncoder> encoders() {
    return Stream.of(
        new SaeEncoder.Relu(),
        new SaeEncoder.TopK(4, false),
        new SaeEncoder.TopK(3, true),
        new SaeEncoder.JumpRelu(numbers(40)),
        new SaeEncoder.Gated(numbers(40), numbers(40), numbers(40)));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void asDense(SaeEncoder encoder) {
    for (InputNormalization normalization :
        List.of(InputNormalization.NONE, InputNormalization.LAYER_NORM)) {
      try (Scope scope = Scope.open();
          Sae sae = sae(encoder, normalization, 40)) {
        Tensor x = gaussian(new Random(5), 3, 7, INPUTS);
        compare(sae.encodeSparse(x), sae.encode(x).floats(), 21, 40);
      }
    }
  }

  /** In several blocks, the last of which is not full. */
  @ParameterizedTest
  @MethodSource("encoders")
  void blockByBlock(SaeEncoder encoder) {
    try (Scope scope = Scope.open();
        Sae sae = sae(encoder, InputNormalization.NONE, 40)) {
      Tensor x = gaussian(new Random(5), 11, INPUTS);
      float[] found = new float[11 * 40];
      int[] rows = {0};
      SparseEncoding.of(
          sae,
          x,
          3,
          (row, count, features, values) -> {
            assertThat(row).isEqualTo(rows[0]++);
            for (int i = 0; i < count; i++) {
              found[row * 40 + features[i]] = values[i];
            }
          });
      assertThat(rows[0]).isEqualTo(11);
      float[] dense = sae.encode(x).floats();
      for (int i = 0; i < dense.length; i++) {
        assertThat(found[i]).isCloseTo(Math.max(0, dense[i]), within(1e-4f));
      }
    }
  }

  @Test
  void noVectors() {
    try (Scope scope = Scope.open();
        Sae sae = sae(new SaeEncoder.Relu(), InputNormalization.NONE, 8)) {
      SparseActivations sparse = sae.encodeSparse(Tensor.zeros(0, INPUTS));
      assertThat(sparse.rows()).isZero();
      assertThat(sparse.count()).isZero();
    }
  }

  private static void compare(SparseActivations sparse, float[] dense, int rows, int width) {
    assertThat(sparse.rows()).isEqualTo(rows);
    assertThat(sparse.width()).isEqualTo(width);
    int count = 0;
    for (int row = 0; row < rows; row++) {
      compare(sparse.features(row), sparse.values(row), dense, row * width, width);
      count += sparse.features(row).length;
    }
    assertThat(sparse.count()).isEqualTo(count);
  }

  private static void compare(int[] features, float[] values, float[] dense, int from, int width) {
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      if (dense[from + i] > 0) {
        expected.add(i);
      }
    }
    assertThat(features).containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    for (int i = 0; i < features.length; i++) {
      assertThat(values[i]).isEqualTo(dense[from + features[i]]);
    }
  }
}
