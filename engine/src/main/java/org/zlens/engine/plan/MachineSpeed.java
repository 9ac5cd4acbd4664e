package org.zlens.engine.plan;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * What this machine computes in a second for this process, measured on matrices of a model's sizes
 * shortly before it is asked: what else the machine does slows it.
 *
 * @param flops floating-point operations of matrix products
 * @param values numbers that operations other than those go through, such as an activation
 * @param call seconds that a native call takes for itself
 * @param weights numbers of weights that are fetched from memory
 */
public record MachineSpeed(double flops, double values, double call, double weights) {
  /** Numbers of the products that are measured, as many as passes have: 8 MB. */
  private static final int NUMBERS = 1 << 21;

  /** Numbers that no cache holds all of: 64 MB. */
  private static final int FETCHED = 1 << 24;

  private static final double SECONDS = 0.04;
  private static final int LEAST_CALLS = 5;

  /** A speed is measured again after 5 s: by then the machine may have more to do, or less. */
  private static final long LASTS = 5_000_000_000L;

  private static final Map<String, Measured> MEASURED = new ConcurrentHashMap<>();

  /** A speed and when it was measured. */
  private record Measured(MachineSpeed speed, long time) {
    boolean isOld() {
      return System.nanoTime() - time > LASTS;
    }
  }

  /** The speed for a model, measured in about a fifth of a second. */
  public static MachineSpeed of(ModelConfig config) {
    String sizes =
        Torch.device() + " " + config.dModel() + " " + config.dMlp() + " " + Torch.threads();
    return MEASURED
        .compute(
            sizes,
            (key, last) ->
                last == null || last.isOld()
                    ? new Measured(measure(config), System.nanoTime())
                    : last)
        .speed();
  }

  /** The same machine where this process waits for others, so that everything takes longer. */
  private MachineSpeed slowed(double parts) {
    return new MachineSpeed(flops / parts, values / parts, call * parts, weights / parts);
  }

  private static MachineSpeed measure(ModelConfig config) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long began = processor(threads);
    MachineSpeed alone = alone(config);
    double passed = System.nanoTime() - start;
    double worked = processor(threads) - began;
    // What others take changes from moment to moment; the longer a run, the less it is that.
    return worked > 0 ? alone.slowed(Math.sqrt(Math.max(1, passed / worked))) : alone;
  }

  /** Time that a processor has worked for this thread; 0 where nobody tells. */
  private static long processor(ThreadMXBean threads) {
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }

  /** The speed while the processor works for nobody else. */
  private static MachineSpeed alone(ModelConfig config) {
    try (Scope scope = Scope.open()) {
      int rows = Math.max(1, NUMBERS / config.dMlp());
      Tensor x = Tensor.full(0.5, rows, config.dModel());
      Tensor weight = Tensor.full(0.01, config.dModel(), config.dMlp());
      Tensor bias = Tensor.full(0.1, config.dMlp());
      Tensor pre = Tensor.full(0.5, rows, config.dMlp());
      Tensor one = Tensor.scalar(1);
      double product = seconds(() -> Kernels.call("linear", x, weight, bias));
      double activation = seconds(() -> Kernels.call("gelu_tanh", pre));
      double call = seconds(() -> Kernels.call("add_number", one, 1.0));
      Tensor row = Tensor.full(0.5, 1, config.dModel());
      Tensor large = Tensor.full(0.01, config.dModel(), FETCHED / config.dModel());
      Tensor zero = Tensor.full(0, FETCHED / config.dModel());
      double fetched = seconds(() -> Kernels.call("linear", row, large, zero));
      double flops = 2.0 * rows * config.dModel() * config.dMlp();
      double values = (double) rows * config.dMlp() / activation;
      return new MachineSpeed(flops / product, values, call, FETCHED / fetched);
    }
  }

  /** The shortest of some times that a call takes: the others were interrupted. */
  private static double seconds(Runnable call) {
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    long best = Long.MAX_VALUE;
    int calls = 0;
    do {
      calls++;
      try (Scope scope = Scope.open()) {
        long start = System.nanoTime();
        call.run();
        best = Math.min(best, System.nanoTime() - start);
      }
    } while (calls < LEAST_CALLS || System.nanoTime() < end);
    return best / 1e9;
  }
}
