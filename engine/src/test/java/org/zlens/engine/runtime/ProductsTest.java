package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows times a matrix plus a bias, whichever library multiplies, against sums of products. */
class ProductsTest {
  private static final int IN = 384;
  private static final int OUT = 700;

  private final Random random = new Random(1);

  @ParameterizedTest
  @CsvSource({
    "0, 384, 700",
    "1, 384, 700",
    "2, 768, 768",
    "15, 384, 700",
    "16, 513, 512",
    "100, 64, 4096",
    "33, 1, 262144",
    "3, 262144, 1",
    "1, 511, 512",
    "7, 511, 513",
    "5, 8, 9",
    "0, 8, 9",
    "300, 384, 700"
  })
  void isTheSumOfProducts(int rows, int in, int out) {
    try (Scope scope = Scope.open()) {
      float[] x = numbers(rows * in);
      float[] w = numbers(in * out);
      float[] b = numbers(out);
      Tensor product =
          Kernels.call("product", Tensor.of(x, rows, in), Tensor.of(w, in, out), Tensor.of(b, out));
      assertThat(product.shape()).containsExactly(rows, out);
      requireProduct(product.floats(), x, w, b, in, out);
    }
  }

  /** Views: every second row, a matrix that is a part of a larger one, one that is transposed. */
  @Test
  void isTheSameOfViews() {
    try (Scope scope = Scope.open()) {
      float[] x = numbers(20 * IN);
      float[] w = numbers(IN * OUT);
      float[] b = numbers(OUT);
      Tensor rows = Tensor.of(x, 20, IN);
      Tensor weight = Tensor.of(w, IN, OUT);
      Tensor bias = Tensor.of(b, OUT);
      float[] whole = Kernels.call("product", rows, weight, bias).floats();
      Tensor wide = Tensor.cat(List.of(rows, rows.mul(2)), 1).slice(1, 0, IN);
      assertSame(Kernels.call("product", wide, weight, bias), whole);
      Tensor tall = Tensor.cat(List.of(weight, weight.mul(2)), 0).slice(0, 0, IN);
      assertSame(Kernels.call("product", rows, tall, bias), whole);
      Tensor broad = Tensor.cat(List.of(weight, weight.mul(2)), 1).slice(1, 0, OUT);
      assertSame(Kernels.call("product", rows, broad, bias), whole);
      Tensor turned = weight.permute(1, 0).copy().permute(1, 0);
      assertSame(Kernels.call("product", rows, turned, bias), whole);
      Tensor later = Tensor.cat(List.of(Tensor.zeros(1, OUT), weight), 0).slice(0, 1, IN + 1);
      assertSame(Kernels.call("product", rows, later, bias), whole);
    }
  }

  /** Gradients come through a product of any size. */
  @Test
  void letsGradientsThrough() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor rows = Tensor.of(numbers(4 * IN), 4, IN).leaf();
      Tensor weight = Tensor.of(numbers(IN * OUT), IN, OUT);
      Tensor product = Kernels.call("product", rows, weight, Tensor.zeros(OUT));
      float[] gradient = product.sum().gradients(List.of(rows))[0].floats();
      float[] sums = weight.sum(1L).floats();
      for (int i = 0; i < 4 * IN; i++) {
        assertThat(gradient[i]).isCloseTo(sums[i % IN], within(1e-3f));
      }
    }
  }

  /** Not every build of libtorch has oneDNN; the kernels without it give the same. */
  @Test
  void isTheSameWithoutOneDnn() {
    try (Scope scope = Scope.open()) {
      Tensor rows = Tensor.of(numbers(20 * IN), 20, IN);
      Tensor weight = Tensor.of(numbers(IN * OUT), IN, OUT);
      Tensor bias = Tensor.of(numbers(OUT), OUT);
      Tensor product = Kernels.call("product", rows, weight, bias);
      Kernels.multiplyBy(Products.BLAS);
      assertSame(product, Kernels.call("product", rows, weight, bias).floats());
    } finally {
      Kernels.multiplyBy(Products.ONE_DNN);
    }
  }

  /**
   * What one thread sets holds for those that run already, but for what they set for themselves.
   */
  @Test
  void everyThreadHearsHowManyThreadsItMayUse() throws InterruptedException, ExecutionException {
    ExecutorService other = Executors.newSingleThreadExecutor();
    int before = Torch.threads();
    try {
      assertThat(other.submit(Torch::threads).get()).isEqualTo(before);
      Torch.setThreads(before + 1);
      assertThat(other.submit(Torch::threads).get()).isEqualTo(before + 1);
      other.submit(() -> Torch.setOwnThreads(1)).get();
      assertThat(other.submit(Torch::threads).get()).isEqualTo(1);
      assertThat(Torch.threads()).isEqualTo(before + 1);
    } finally {
      Torch.setThreads(before);
      other.shutdown();
    }
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static void assertSame(Tensor product, float[] expected) {
    float[] found = product.floats();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  private static void requireProduct(
      float[] product, float[] x, float[] w, float[] b, int in, int out) {
    for (int row = 0; row < product.length / out; row++) {
      double[] sums = new double[out];
      for (int i = 0; i < in; i++) {
        for (int j = 0; j < out; j++) {
          sums[j] += (double) x[row * in + i] * w[i * out + j];
        }
      }
      double slack = 1e-6 * Math.sqrt(in) * 10;
      for (int j = 0; j < out; j++) {
        assertThat((double) product[row * out + j])
            .isCloseTo(sums[j] + b[j], within(slack * Math.max(1, Math.sqrt(in))));
      }
    }
  }
}
