package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who shares memory with whom: views do, copies never, and a view outlives what it views. */
class MemoryTrapTest {
  @Test
  void aViewOutlivesTheTensorItViews() {
    try (Scope scope = Scope.open()) {
      Tensor base = Tensor.full(3, 1000, 100);
      List<Tensor> views =
          List.of(
              base.slice(0, 10, 20), base.select(1, 5), base.transpose(0, 1), base.reshape(100000));
      base.close();
      // Memory that was wrongly given back would be taken by these.
      for (int i = 0; i < 20; i++) {
        Tensor.full(-1, 1000, 100);
      }
      System.gc();
      for (Tensor view : views) {
        for (float value : view.floats()) {
          assertThat(value).isEqualTo(3);
        }
      }
    }
  }

  @Test
  void aTensorDoesNotDependOnTheArrayItWasMadeFrom() {
    try (Scope scope = Scope.open()) {
      float[] values = {1, 2, 3};
      Tensor tensor = Tensor.of(values, 3);
      Arrays.fill(values, -1);
      assertThat(tensor.floats()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aCopyIsNeverAnAlias() {
    try (Scope scope = Scope.open()) {
      Tensor base = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
      Tensor doubles = base.toDoubles();
      Tensor longs = base.toLongs();
      List<Tensor> copies =
          List.of(
              base.copy(),
              base.toFloats(),
              base.detach(),
              base.leaf(),
              base.indexSelect(0, 0, 1),
              doubles.toDoubles(),
              longs.toLongs());
      zero(base);
      zero(doubles);
      zero(longs);
      for (Tensor copy : copies) {
        assertThat(copy.toFloats().floats()).containsExactly(1, 2, 3, 4);
      }
    }
  }

  @Test
  void aCopyOfATransposedViewIsRowMajor() {
    try (Scope scope = Scope.open()) {
      Tensor copy = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).transpose(0, 1).copy();
      copy.write(buffer -> buffer.asFloatBuffer().put(1, 9));
      assertThat(copy.floats()).containsExactly(1, 9, 2, 4);
    }
  }

  @Test
  void writingReachesTheViewsMadeBefore() {
    try (Scope scope = Scope.open()) {
      Tensor base = Tensor.zeros(2, 2);
      Tensor row = base.select(0, 1);
      base.write(buffer -> buffer.asFloatBuffer().put(new float[] {1, 2, 3, 4}));
      assertThat(row.floats()).containsExactly(3, 4);
    }
  }

  @Test
  void aReaderCannotWriteIntoTheTensor() {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.full(2, 4);
      assertThatThrownBy(() -> tensor.read(buffer -> buffer.putFloat(0, 7)))
          .isInstanceOf(ReadOnlyBufferException.class);
      assertThat(tensor.floats()).containsOnly(2);
    }
  }

  @Test
  void writingThroughAViewWithGapsOrSharedElementsIsRefused() {
    try (Scope scope = Scope.open()) {
      Tensor square = Tensor.zeros(3, 3);
      for (Tensor view :
          List.of(square.transpose(0, 1), square.slice(1, 0, 2), Tensor.zeros(1).expand(4))) {
        assertThatThrownBy(() -> zero(view))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("not contiguous");
      }
    }
  }

  @Test
  void writingPastTheEndIsCaughtByTheBuffer() {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.zeros(2);
      assertThatThrownBy(() -> tensor.write(buffer -> buffer.putFloat(8, 1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private static void zero(Tensor tensor) {
    tensor.write(
        (ByteBuffer buffer) -> {
          while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
          }
        });
  }
}
