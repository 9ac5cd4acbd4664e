package org.zlens.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Tensor;

/** Comparison of a tensor with a golden of the same shape: first the shapes, then every value. */
public final class TensorAssert {
  private TensorAssert() {}

  /**
   * Fails where the tensor differs from the golden by more than the tolerance, naming the worst.
   */
  public static void assertClose(
      String what, Tensor actual, TensorFile goldens, String name, double tolerance) {
    assertThat(actual.shape()).as(what + ": shape").isEqualTo(goldens.info(name).shape());
    assertClose(what, actual.floats(), goldens.floats(name), tolerance);
  }

  /** Fails where the arrays differ by more than the tolerance; equal infinities are equal. */
  public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual.length).as(what + ": number of values").isEqualTo(expected.length);
    double worst = 0;
    int at = -1;
    for (int i = 0; i < actual.length; i++) {
      if (actual[i] == expected[i]) {
        continue;
      }
      double difference = Math.abs((double) actual[i] - expected[i]);
      if (!(difference <= worst)) {
        worst = difference;
        at = i;
      }
    }
    assertThat(worst)
        .as(
            "%s: largest difference, at index %d: %s instead of %s",
            what, at, at < 0 ? "" : actual[at], at < 0 ? "" : expected[at])
        .isLessThanOrEqualTo(tolerance);
  }
}
