package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Native memory is freed by scopes alone, and what is freed can never be touched again. */
class LifetimeTrapTest {
  @Test
  void aClosedTensorThrowsWhateverIsAskedOfIt() {
    try (Scope scope = Scope.open()) {
      Tensor open = Tensor.zeros(2);
      Tensor closed = Tensor.zeros(2);
      closed.close();
      closed.close();
      List<Runnable> uses =
          List.of(
              closed::floats,
              closed::type,
              closed::relu,
              () -> open.add(closed),
              () -> closed.add(open),
              () -> Tensor.cat(List.of(open, closed), 0),
              () -> closed.write(buffer -> {}));
      for (Runnable use : uses) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("freed already");
      }
      assertThat(closed.isClosed()).isTrue();
      assertThat(closed).hasToString("freed[2]");
    }
  }

  @Test
  void aTensorWithoutAScopeIsRefusedAndNotLeaked() {
    Tensor weight;
    try (Scope scope = Scope.open()) {
      weight = Scope.release(Tensor.full(1, 4));
    }
    int before = arrays();
    List<Runnable> makers =
        List.of(
            () -> Tensor.zeros(2),
            () -> Tensor.of(new float[] {1}, 1),
            () -> weight.add(weight),
            () -> Kernels.callList("topk", weight, 1, 0));
    for (Runnable maker : makers) {
      assertThatThrownBy(maker::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no scope is open");
    }
    assertThat(arrays()).isEqualTo(before);
    weight.close();
  }

  @Test
  void aResultBelongsToTheScopeAndNotToItsFirstOperand() {
    try (Scope model = Scope.open()) {
      Tensor weight = Tensor.full(2, 3);
      int before = arrays();
      Tensor product;
      try (Scope command = Scope.open()) {
        product = weight.mul(weight);
        weight.add(1).relu().sum();
        assertThat(command.size()).isEqualTo(4);
        assertThat(model.size()).isEqualTo(1);
      }
      assertThat(product.isClosed()).isTrue();
      assertThat(weight.floats()).containsOnly(2);
      assertThat(arrays()).isEqualTo(before);
    }
  }

  @Test
  void aFailureInsideAScopeFreesAllThatItMade() {
    int before = arrays();
    assertThatThrownBy(
            () -> {
              try (Scope scope = Scope.open()) {
                Tensor.zeros(3).add(Tensor.zeros(4));
              }
            })
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(arrays()).isEqualTo(before);
  }

  @Test
  void whatIsKeptGoesOneScopeOut() {
    try (Scope outer = Scope.open()) {
      Tensor kept;
      Tensor dropped;
      try (Scope inner = Scope.open()) {
        dropped = Tensor.zeros(2);
        kept = inner.keep(dropped.add(1));
      }
      assertThat(dropped.isClosed()).isTrue();
      assertThat(kept.floats()).containsExactly(1, 1);
      assertThat(outer.size()).isEqualTo(1);
    }
  }

  @Test
  void keepingDoesNotTakeATensorFromItsOwner() {
    Tensor weight;
    try (Scope scope = Scope.open()) {
      weight = Scope.release(Tensor.full(1, 2));
    }
    try (Scope outer = Scope.open()) {
      Tensor operand = Tensor.zeros(2);
      try (Scope inner = Scope.open()) {
        // A function that gives its argument back unchanged.
        assertThat(inner.keep(weight)).isSameAs(weight);
        assertThat(inner.keep(operand)).isSameAs(operand);
      }
      assertThat(operand.isClosed()).isFalse();
    }
    assertThat(weight.isClosed()).isFalse();
    weight.close();
  }

  @Test
  void whatIsReleasedLivesUntilItIsClosed() {
    Tensor released;
    try (Scope scope = Scope.open()) {
      released = Scope.release(Tensor.full(5, 1));
    }
    try (Scope scope = Scope.open()) {
      assertThat(released.item()).isEqualTo(5);
    }
    released.close();
    assertThat(released.isClosed()).isTrue();
  }

  @Test
  void scopesCloseInnermostFirstOnTheirOwnThread() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> outer.keep(null)).isInstanceOf(IllegalStateException.class);
    Boolean refused =
        OtherThread.call(
            () -> {
              try {
                inner.close();
                return false;
              } catch (IllegalStateException e) {
                return true;
              }
            });
    assertThat(refused).isTrue();
    inner.close();
    inner.close();
    outer.close();
  }

  @Test
  void aScopeDoesNotReachOtherThreads() {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.full(4, 1);
      Boolean refused =
          OtherThread.call(
              () -> {
                try {
                  tensor.add(tensor);
                  return false;
                } catch (IllegalStateException e) {
                  return true;
                }
              });
      assertThat(refused).isTrue();
      assertThat(scope.size()).isEqualTo(1);
    }
  }

  /** Arrays that the binding holds on to, in the whole process. */
  private static int arrays() {
    Torch.enter();
    return Torch.manager().getManagedArrays().size();
  }
}
