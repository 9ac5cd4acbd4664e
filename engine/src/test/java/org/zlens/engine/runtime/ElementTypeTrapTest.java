package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The binding aborts the process for element types it does not know; none can come about here. */
class ElementTypeTrapTest {
  /** TorchScript's numbers for int64, both halves, float32, float64 and bool. */
  private static final Set<String> SAFE = Set.of("4", "5", "6", "7", "11", "15");

  @Test
  void onlyTypesThatTheBindingKnowsCanBeAskedFor() {
    assertThat(DType.values())
        .extracting(Enum::name)
        .containsExactly("FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16", "INT64", "BOOL");
    try (Scope scope = Scope.open()) {
      for (DType type : DType.values()) {
        assertThat(Tensor.empty(type, 2, 3).type()).isEqualTo(type);
      }
    }
  }

  @Test
  void noKernelMakesAnotherType() throws IOException {
    Pattern types = Pattern.compile("dtype=(\\d+)|torch\\.to\\(\\w+, (\\d+)");
    int found = 0;
    try (InputStream in = Kernels.class.getResourceAsStream("kernels.py")) {
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Matcher m = types.matcher(source); m.find(); found++) {
        assertThat(SAFE).as(m.group()).contains(m.group(1) == null ? m.group(2) : m.group(1));
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(5);
  }

  @Test
  void anArrayOfAnotherTypeIsFreedAndRefused() {
    try (Scope scope = Scope.open()) {
      Torch.enter();
      PtNDArray half = Torch.manager().create(new Shape(2), DataType.INT8);
      assertThatThrownBy(() -> Tensor.adopt(half))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no element type");
      assertThat(half.isReleased()).isTrue();
      assertThat(scope.size()).isZero();
    }
  }

  @Test
  void readingAsAnotherTypeIsRefusedInsteadOfReinterpreted() {
    try (Scope scope = Scope.open()) {
      Tensor numbers = Tensor.of(new long[] {1, 2}, 2);
      assertThatThrownBy(numbers::floats)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("INT64[2]");
      assertThat(numbers.toFloats().floats()).containsExactly(1, 2);
    }
  }

  @Test
  void wholeNumbersAboveTheRangeOfFloatsStayExact() {
    long big = (1L << 24) + 1;
    try (Scope scope = Scope.open()) {
      Tensor numbers = Tensor.of(new long[] {big, Long.MAX_VALUE, Long.MIN_VALUE}, 3);
      assertThat(numbers.longs()).containsExactly(big, Long.MAX_VALUE, Long.MIN_VALUE);
      assertThat(numbers.indexSelect(0, 0).item()).isEqualTo((double) big);
      assertThat(numbers.copy().longs()).containsExactly(big, Long.MAX_VALUE, Long.MIN_VALUE);
    }
  }
}
