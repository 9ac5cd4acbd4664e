package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void multipliesAndReduces() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
      assertThat(a.matmul(a).floats()).containsExactly(7, 10, 15, 22);
      assertThat(a.sum(0L).floats()).containsExactly(4, 6);
      assertThat(a.select(0, -1).floats()).containsExactly(3, 4);
      assertThat(a.transpose(0, 1).floats()).containsExactly(1, 3, 2, 4);
      assertThat(a.topK(1, 1).indices().longs()).containsExactly(1, 1);
      assertThat(a.gt(2.5).longs()).containsExactly(0, 0, 1, 1);
      assertThat(Tensor.einsum("ij,jk->ik", a, a).floats()).containsExactly(7, 10, 15, 22);
      assertThat(scope.size()).isPositive();
    }
  }

  @Test
  void differentiatesWithRespectToIntermediates() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3}, 3).leaf();
      Tensor y = x.mul(x);
      Tensor z = y.mul(3).sum();
      Tensor[] gradients = z.gradients(List.of(x, y));
      assertThat(gradients[0].floats()).containsExactly(6, 12, 18);
      assertThat(gradients[1].floats()).containsExactly(3, 3, 3);
    }
  }
}
