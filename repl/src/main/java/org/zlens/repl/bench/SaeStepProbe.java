package org.zlens.repl.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.train.Resampling;
import org.zlens.engine.train.SaeObjective;
import org.zlens.engine.train.SaeRecipe;
import org.zlens.engine.train.SaeStart;
import org.zlens.engine.train.SaeTrainer;
import org.zlens.engine.train.WarmUp;

/**
 * A process that trains one SAE of the paper's size, and prints the CPU time of a step, that of its
 * matrix products alone, the most memory that was resident before the products were measured, and
 * the bytes of the parameters and their moments.
 */
final class SaeStepProbe {
  private static final int INPUTS = 768;
  private static final int WIDTH = 24_576;
  private static final int BATCH = 1024;
  private static final int STEPS_BEFORE = 3;

  private SaeStepProbe() {}

  public static void main(String[] arguments) throws IOException {
    Torch.setThreads(1);
    int runs = Integer.parseInt(arguments[0]);
    double[] step = new double[runs];
    double[] products = new double[runs];
    SaeRecipe recipe =
        new SaeRecipe(
            WIDTH,
            new SaeObjective.Lasso(1),
            new WarmUp(1.2e-3, 1000),
            0.9,
            0.99,
            0,
            BATCH,
            Resampling.NONE,
            1);
    try (Scope scope = Scope.open()) {
      Tensor x = vectors();
      try (SaeTrainer trainer = new SaeTrainer(SaeStart.of(x), recipe)) {
        for (int i = 0; i < STEPS_BEFORE; i++) {
          trainer.step(x);
        }
        final long peak = ResidentMemory.peak();
        products(trainer, x);
        for (int i = 0; i < runs; i++) {
          step[i] = seconds(() -> trainer.step(x));
          products[i] = seconds(() -> products(trainer, x));
        }
        double state = 3.0 * Float.BYTES * (2.0 * INPUTS * WIDTH + INPUTS + WIDTH);
        System.out.println(Median.of(step) + " " + Median.of(products) + " " + peak + " " + state);
      }
    }
  }

  private static Tensor vectors() {
    Tensor x = Tensor.empty(DType.FLOAT32, BATCH, INPUTS);
    SplittableRandom random = new SplittableRandom(1);
    x.write(
        (ByteBuffer values) -> {
          while (values.hasRemaining()) {
            values.putFloat((float) (random.nextDouble() - 0.5));
          }
        });
    return x;
  }

  /** What a step multiplies, on operands of its shapes, and nothing else. */
  private static void products(SaeTrainer trainer, Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor acts = x.matmul(trainer.wEnc());
      Tensor missed = acts.matmul(trainer.wDec());
      try (Tensor decoder = acts.transpose(0, 1).matmul(missed)) {
        decoder.size(0);
      }
      acts.close();
      Tensor back = missed.matmul(trainer.wDec().transpose(0, 1));
      x.transpose(0, 1).matmul(back);
    }
  }

  private static double seconds(Runnable body) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    body.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e9;
  }
}
