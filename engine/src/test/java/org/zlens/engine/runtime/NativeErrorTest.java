package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What libtorch refuses is an exception that says why; the process and the tensors live on. */
class NativeErrorTest {
  @Test
  void unequalShapesAreNamed() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.zeros(2, 3);
      Tensor b = Tensor.zeros(4, 5);
      for (Runnable use : List.<Runnable>of(() -> a.add(b), () -> a.matmul(b), () -> a.eq(b))) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("FLOAT32[2, 3]")
            .hasMessageContaining("FLOAT32[4, 5]");
      }
      assertThat(a.add(1).floats()).containsOnly(1);
    }
  }

  @Test
  void aKernelsErrorIsCatchableAndNamesTheKernel() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> Tensor.einsum("ij,jk->ik", Tensor.zeros(2, 3), Tensor.zeros(2, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("kernel 'einsum': ");
      assertThatThrownBy(() -> Kernels.call("no_such_kernel", Tensor.zeros(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no_such_kernel");
      assertThatThrownBy(() -> Kernels.call("relu_of_nothing"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Kernels.call("gelu", "a word"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Kernels.call("gelu")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Kernels.call("gelu", new Object()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no kernel argument of type");
    }
  }

  @Test
  void indicesOutOfRangeAreCaughtAndNotRead() {
    try (Scope scope = Scope.open()) {
      Tensor table = Tensor.zeros(4, 2);
      Tensor ids = Tensor.of(new long[] {0, 4}, 1, 2);
      Tensor negative = Tensor.of(new long[] {-1}, 1, 1);
      List<Runnable> uses =
          List.of(
              () -> Kernels.call("embed", ids, table),
              () -> Kernels.call("embed", negative, table),
              () -> table.indexSelect(0, 4),
              () -> table.gather(0, ids),
              () -> table.select(0, 4),
              () -> table.slice(1, 0, 3),
              () -> table.slice(1, -1, 1),
              () -> table.topK(3, 1),
              () -> Kernels.call("next_token_loss", Tensor.zeros(1, 2, 3), ids));
      for (Runnable use : uses) {
        assertThatThrownBy(use::run).isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(table.floats()).containsOnly(0);
    }
  }

  @Test
  void shapesThatNoMemoryHoldsAreRefused() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> Tensor.zeros(1L << 45)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Tensor.empty(DType.FLOAT32, 1L << 40, 1L << 40))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Tensor.empty(DType.FLOAT32, -1, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("negative size");
      assertThatThrownBy(() -> Tensor.of(new float[] {1, 2, 3}, 2, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("do not fill shape");
      assertThat(Tensor.zeros(0, 3).floats()).isEmpty();
    }
  }
}
