package org.zlens.repl.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SparseEncoding;

/**
 * Finding the active features of 100,000 vectors with an SAE of the paper's size, against the
 * product of the same vectors with its encoder alone, part by part in turns.
 */
final class SaeEncode implements Benchmark {
  private static final int INPUTS = 768;
  private static final int WIDTH = 24_576;
  private static final int VECTORS = 100_000;
  private static final int PART = 5_000;

  /** Rows of a product whose result takes what a block of the encoding may take. */
  private static final int ROWS = 640;

  /** Chosen so that about fifty of the features of a vector are active. */
  private static final double BIAS = -2.9;

  @Override
  public String name() {
    return "encode";
  }

  @Override
  public Measurement measure() {
    Torch.setThreads(1);
    SplittableRandom random = new SplittableRandom(1);
    double root = Math.sqrt(12.0 / INPUTS);
    try (Scope scope = Scope.open();
        Sae sae =
            new Sae(
                Location.of(Site.RESID_PRE, 5),
                new SaeEncoder.Relu(),
                true,
                uniform(random, root, INPUTS, WIDTH),
                Tensor.full(BIAS, WIDTH),
                uniform(random, root, WIDTH, INPUTS),
                Tensor.zeros(INPUTS))) {
      double encoding = 0;
      double product = 0;
      long[] active = {0};
      part(sae, random, active);
      active[0] = 0;
      for (int done = 0; done < VECTORS; done += PART) {
        double[] seconds = part(sae, random, active);
        encoding += seconds[0];
        product += seconds[1];
      }
      return new Measurement(
          name(),
          encoding,
          "s",
          product,
          1.15 * product,
          "CPU time of finding the active features of 100,000 vectors ("
              + Math.round((double) active[0] / VECTORS)
              + " each); of their product with the encoder alone");
    }
  }

  private static double[] part(Sae sae, SplittableRandom random, long[] active) {
    try (Scope scope = Scope.open()) {
      Tensor x = uniform(random, Math.sqrt(12), PART, INPUTS);
      return new double[] {
        seconds(() -> SparseEncoding.of(sae, x, (row, count, ids, acts) -> active[0] += count)),
        seconds(() -> products(sae, x))
      };
    }
  }

  private static void products(Sae sae, Tensor x) {
    for (int from = 0; from < PART; from += ROWS) {
      try (Scope scope = Scope.open()) {
        x.slice(0, from, Math.min(from + ROWS, PART)).matmul(sae.wEnc());
      }
    }
  }

  /** Numbers around zero, spread over the given range. */
  private static Tensor uniform(SplittableRandom random, double range, int rows, int columns) {
    Tensor tensor = Tensor.empty(DType.FLOAT32, rows, columns);
    tensor.write(
        (ByteBuffer values) -> {
          while (values.hasRemaining()) {
            values.putFloat((float) ((random.nextDouble() - 0.5) * range));
          }
        });
    return tensor;
  }

  private static double seconds(Runnable body) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    body.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e9;
  }
}
