package org.zlens.engine.plan;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * What this machine computes in a second, measured on matrices of a model's sizes.
 *
 * @param flops floating-point operations of matrix products
 * @param values numbers that operations other than those go through, such as an activation
 * @param call seconds that a native call takes for itself
 */
public record MachineSpeed(double flops, double values, double call) {
  private static final int ROWS = 512;
  private static final double SECONDS = 0.04;
  private static final Map<String, MachineSpeed> MEASURED = new ConcurrentHashMap<>();

  /** The speed for a model, measured once a process in about a tenth of a second. */
  public static MachineSpeed of(ModelConfig config) {
    String sizes = config.dModel() + " " + config.dMlp() + " " + Torch.threads();
    return MEASURED.computeIfAbsent(sizes, key -> measure(config));
  }

  private static MachineSpeed measure(ModelConfig config) {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.full(0.5, ROWS, config.dModel());
      Tensor weight = Tensor.full(0.01, config.dModel(), config.dMlp());
      Tensor bias = Tensor.full(0.1, config.dMlp());
      Tensor pre = Tensor.full(0.5, ROWS, config.dMlp());
      Tensor one = Tensor.scalar(1);
      double product = seconds(() -> Kernels.call("linear", x, weight, bias));
      double activation = seconds(() -> Kernels.call("gelu_tanh", pre));
      double call = seconds(() -> Kernels.call("add_number", one, 1.0));
      double flops = 2.0 * ROWS * config.dModel() * config.dMlp();
      return new MachineSpeed(flops / product, (double) ROWS * config.dMlp() / activation, call);
    }
  }

  /** The shortest of the times that a call takes, since others use the machine too. */
  private static double seconds(Runnable call) {
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    long best = Long.MAX_VALUE;
    do {
      try (Scope scope = Scope.open()) {
        long start = System.nanoTime();
        call.run();
        best = Math.min(best, System.nanoTime() - start);
      }
    } while (System.nanoTime() < end);
    return best / 1e9;
  }
}
