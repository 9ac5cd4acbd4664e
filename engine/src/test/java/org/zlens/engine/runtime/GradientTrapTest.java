package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Gradients are off unless asked for, and where they are asked for they are right or an error. */
class GradientTrapTest {
  @Test
  void everyThreadStartsWithGradientsOff() {
    assertThat(GradMode.isOn()).isFalse();
    assertThat(OtherThread.call(GradMode::isOn)).isFalse();
  }

  @Test
  void aThreadThatOnlyReceivesTensorsRecordsNothing() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = Tensor.full(3, 2).leaf();
      // The product is the first native call of its thread.
      Boolean recorded =
          OtherThread.call(
              () -> {
                try (Scope own = Scope.open()) {
                  return differentiable(leaf.mul(leaf).sum(), leaf);
                }
              });
      assertThat(recorded).isFalse();
    }
  }

  @Test
  void gradModeEndsWithItsBlockAndOnItsThreadOnly() {
    GradMode outer = GradMode.on();
    try (GradMode inner = GradMode.off()) {
      assertThat(GradMode.isOn()).isFalse();
    }
    assertThat(GradMode.isOn()).isTrue();
    assertThat(OtherThread.call(GradMode::isOn)).isFalse();
    Boolean refused =
        OtherThread.call(
            () -> {
              try {
                outer.close();
                return false;
              } catch (IllegalStateException e) {
                return true;
              }
            });
    assertThat(refused).isTrue();
    outer.close();
    outer.close();
    assertThat(GradMode.isOn()).isFalse();
  }

  @Test
  void gradientsOfKernelResultsStayRightCallAfterCall() {
    // With the graph optimiser on, they are silently wrong from the second call on.
    for (int call = 0; call < 4; call++) {
      assertGradientsOfIntermediatesAreRight();
    }
  }

  @Test
  void gradientsOfKernelResultsAreRightOnOtherThreads() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int call = 0; call < 3; call++) {
                  assertGradientsOfIntermediatesAreRight();
                }
              });
      thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  /** Compares the gradient in each tensor that kernels return with finite differences. */
  private static void assertGradientsOfIntermediatesAreRight() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = Tensor.of(new float[] {0.3f, -1.2f, 0.7f, 2f, -0.4f, 0.9f}, 1, 2, 3).leaf();
      Tensor w = Tensor.of(new float[] {1, -2, 0.5f, 0.25f, 3, -1, 2, 1, -0.5f}, 3, 3);
      Tensor b = Tensor.of(new float[] {0.1f, 0.2f, -0.3f}, 3);
      Tensor normalized = Kernels.callList("layer_norm", x, 1e-5)[0];
      Tensor pre = Kernels.call("linear", normalized, w, b);
      Tensor post = Kernels.call("gelu_tanh", pre);
      Tensor pattern = post.softmax(-1);
      Tensor loss = pattern.mul(pre).sum();
      Tensor[] found = loss.gradients(List.of(x, normalized, pre, post, pattern));

      assertThat(found[4].floats()).containsExactly(pre.floats(), within(1e-5f));
      assertClose(found[1], normalized, v -> tail(Kernels.call("linear", v, w, b)));
      assertClose(found[2], pre, GradientTrapTest::tail);
      assertClose(found[3], post, v -> v.softmax(-1).mul(pre).sum());
      assertClose(
          found[0],
          x,
          v -> tail(Kernels.call("linear", Kernels.callList("layer_norm", v, 1e-5)[0], w, b)));
    }
  }

  private static Tensor tail(Tensor pre) {
    return Kernels.call("gelu_tanh", pre).softmax(-1).mul(pre).sum();
  }

  private interface Loss {
    Tensor of(Tensor values);
  }

  private static void assertClose(Tensor gradient, Tensor at, Loss loss) {
    float[] values = at.detach().floats();
    float[] gradients = gradient.floats();
    float step = 1e-2f;
    try (GradMode off = GradMode.off()) {
      for (int i = 0; i < values.length; i++) {
        float[] up = values.clone();
        float[] down = values.clone();
        up[i] += step;
        down[i] -= step;
        double slope =
            (loss.of(Tensor.of(up, at.shape())).item()
                    - loss.of(Tensor.of(down, at.shape())).item())
                / (2 * step);
        assertThat((double) gradients[i]).isCloseTo(slope, within(2e-2 + 1e-2 * Math.abs(slope)));
      }
    }
  }

  @Test
  void castsAndCopiesDoNotCutGradients() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = Tensor.of(new float[] {1, 2}, 2).leaf();
      for (Tensor through : List.of(x.copy(), x.toFloats(), x.toDoubles().toFloats())) {
        Tensor[] gradients = through.mul(through).sum().gradients(List.of(x));
        assertThat(gradients[0].floats()).containsExactly(2, 4);
      }
    }
  }

  @Test
  void detachCutsAndLeafStartsAnew() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = Tensor.of(new float[] {1, 2}, 2).leaf();
      Tensor middle = x.mul(3).leaf();
      Tensor loss = middle.mul(middle).sum();
      Tensor[] gradients = loss.gradients(List.of(x, middle));
      assertThat(gradients[0].floats()).containsExactly(0, 0);
      assertThat(gradients[1].floats()).containsExactly(6, 12);
      assertThat(differentiable(x.detach().sum(), x)).isFalse();
    }
  }

  @Test
  void gradientsOfWhatWasNeverRecordedAreAnErrorNotZeros() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.full(1, 2).leaf();
      Tensor loss = x.mul(x).sum();
      assertThatThrownBy(() -> loss.gradients(List.of(x)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not require grad");
    }
  }

  @Test
  void resultsOfKernelsCanBeEditedInPlaceAndDifferentiated() {
    try (Scope scope = Scope.open()) {
      Tensor result = Kernels.call("softmax", Tensor.zeros(2), 0);
      result.write(buffer -> buffer.asFloatBuffer().put(new float[] {4, 5}));
      assertThat(result.floats()).containsExactly(4, 5);
      List<Tensor> inPlace = List.of(result);
      Kernels.run("clip_gradients", inPlace, 1.0);
      assertThat(result.norm(0).item()).isCloseTo(1, within(1e-5));
      try (GradMode mode = GradMode.on()) {
        Tensor leaf = result.leaf();
        assertThat(leaf.mul(leaf).sum().gradients(List.of(leaf))[0].floats()).hasSize(2);
      }
    }
  }

  @Test
  void backwardPassesOnSeveralThreadsDoNotDisturbEachOther() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = Tensor.full(2, 2).leaf();
      Tensor loss = x.mul(x).sum();
      Callable<float[]> elsewhere =
          () -> {
            try (Scope own = Scope.open();
                GradMode on = GradMode.on()) {
              Tensor y = Tensor.full(3, 1).leaf();
              return y.mul(y).sum().gradients(List.of(y))[0].floats();
            }
          };
      assertThat(OtherThread.call(elsewhere)).containsExactly(6);
      assertThat(loss.gradients(List.of(x))[0].floats()).containsExactly(4, 4);
    }
  }

  private static boolean differentiable(Tensor loss, Tensor input) {
    try {
      loss.gradients(List.of(input));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
