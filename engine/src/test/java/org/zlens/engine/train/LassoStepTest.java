package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The step in blocks against the same step written plainly in doubles, and against its parts. */
class LassoStepTest {
  private static final double RATE = 1e-3;
  private static final double SPARSITY = 0.3;

  private static SaeRecipe recipe(int width, int batch) {
    return new SaeRecipe(
        width,
        new SaeObjective.Lasso(SPARSITY),
        new WarmUp(RATE, 1),
        0.9,
        0.99,
        0,
        batch,
        Resampling.NONE,
        1);
  }

  private static OptimizerState state(int inputs, int width, long seed) {
    Random random = new Random(seed);
    return OptimizerState.of(
        List.of(
            gaussian(random, 0.5, inputs, width),
            gaussian(random, 0.5, width, inputs),
            gaussian(random, 0.3, width),
            gaussian(random, 0.3, inputs)));
  }

  private static Tensor gaussian(Random random, double scale, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return Tensor.of(values, Arrays.stream(shape).asLongStream().toArray());
  }

  @ParameterizedTest
  @CsvSource({"6, 40, 9, 16, 1", "5, 16, 33, 16, 2", "3, 17, 4, 4, 3", "8, 12, 20, 100, 4"})
  void plainly(int inputs, int width, int batch, int block, long seed) {
    SaeRecipe recipe = recipe(width, batch);
    try (Scope scope = Scope.open();
        OptimizerState state = state(inputs, width, seed)) {
      PlainLasso plain =
          new PlainLasso(state.parameters(), SPARSITY, RATE, 0.9, 0.99, SaeTrainer.EPS);
      try (LassoStep step = new LassoStep(recipe, new SaeObjective.Lasso(SPARSITY), state, block)) {
        Random random = new Random(-seed);
        for (int i = 0; i < 4; i++) {
          Tensor x = gaussian(random, 1, batch, inputs);
          SaeGradients.Found found = step.step(x, RATE);
          plain.step(x);
          assertThat(found.loss()).isCloseTo(plain.loss(), within(1e-4));
          assertThat(found.error()).isCloseTo(plain.error(), within(1e-4));
          assertClose(found.counts(), plain.counts(), 0);
          for (int p = 0; p < 4; p++) {
            assertClose(state.parameters().get(p), plain.parameter(p), 1e-4);
            assertClose(state.first().get(p), plain.first(p), 1e-4);
            assertClose(state.second().get(p), plain.second(p), 1e-4);
          }
        }
      }
    }
  }

  /** At a width of several blocks of the real size, against the kernels that it stands for. */
  @Test
  void asItsParts() {
    int inputs = 24;
    int width = 5000;
    int batch = 40;
    SaeRecipe recipe = recipe(width, batch);
    try (Scope scope = Scope.open();
        OptimizerState fused = state(inputs, width, 5);
        OptimizerState parts = state(inputs, width, 5)) {
      SaeGradients gradients = new SaeGradients(recipe.objective());
      Random random = new Random(6);
      try (LassoStep step = new LassoStep(recipe, new SaeObjective.Lasso(SPARSITY), fused)) {
        for (int i = 0; i < 3; i++) {
          Tensor x = gaussian(random, 1, batch, inputs);
          SaeGradients.Found one = step.step(x, RATE);
          SaeGradients.Found other = gradients.of(parts.parameters(), x, Tensor.zeros(width), i);
          Kernels.run(
              "sae_unit_rows", List.of(other.gradients().get(1), parts.parameters().get(1)));
          Kernels.run(
              "adam",
              parts.parameters(),
              other.gradients(),
              parts.first(),
              parts.second(),
              parts.steps(),
              RATE,
              0.9,
              0.99,
              0.0,
              SaeTrainer.EPS);
          assertThat(one.loss()).isCloseTo(other.loss(), within(1e-2));
          assertThat(one.activeFeatures()).isCloseTo(other.activeFeatures(), within(1e-3));
          assertClose(one.counts(), other.counts().floats(), 0);
        }
      }
      for (int p = 0; p < 4; p++) {
        assertClose(fused.parameters().get(p), parts.parameters().get(p).floats(), 1e-4);
        assertClose(fused.steps().get(p), parts.steps().get(p).floats(), 0);
      }
    }
  }

  private static void assertClose(Tensor actual, float[] expected, double tolerance) {
    float[] values = actual.floats();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .as("element %d of %s", i, actual)
          .isCloseTo(expected[i], within(tolerance));
    }
  }
}
