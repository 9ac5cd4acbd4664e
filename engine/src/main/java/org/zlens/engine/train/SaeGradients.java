package org.zlens.engine.train;

import java.util.List;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The loss of an objective and its gradients in the parameters of an SAE.
 *
 * <p>The paper's are derived by hand inside one kernel, at half the memory of autograd; the others
 * are autograd's.
 */
final class SaeGradients {
  /** Weight of what sleeping features miss (Gao et al. 2024). */
  private static final double ASLEEP_WEIGHT = 1.0 / 32;

  /** How fast the running threshold follows that of the batch. */
  private static final double THRESHOLD_RATE = 0.01;

  /**
   * What a batch gives.
   *
   * @param gradients in the order of the parameters
   * @param counts vectors on which each feature was active
   * @param error squared error without penalties
   */
  record Found(
      List<Tensor> gradients, Tensor counts, double loss, double error, double activeFeatures) {}

  private final SaeObjective objective;
  private double threshold;

  SaeGradients(SaeObjective objective) {
    this.objective = objective;
  }

  /**
   * Loss and gradients on a batch, in the caller's scope.
   *
   * @param asleep vectors since each feature was last active
   */
  Found of(List<Tensor> parameters, Tensor x, Tensor asleep, long step) {
    Tensor[] found;
    try (GradMode mode = objective instanceof SaeObjective.Lasso ? GradMode.off() : GradMode.on()) {
      found = call(parameters, x, asleep, step);
    }
    int count = parameters.size();
    float[] stats = found[count + 1].floats();
    if (objective instanceof SaeObjective.TopK && Float.isFinite(stats[4])) {
      threshold = threshold == 0 ? stats[4] : threshold + THRESHOLD_RATE * (stats[4] - threshold);
    }
    return new Found(List.of(found).subList(0, count), found[count], stats[0], stats[1], stats[3]);
  }

  private Tensor[] call(List<Tensor> parameters, Tensor x, Tensor asleep, long step) {
    if (objective instanceof SaeObjective.Lasso lasso) {
      return Kernels.callList("sae_lasso_gradients", parameters, x, lasso.sparsity());
    } else if (objective instanceof SaeObjective.DecoderLasso lasso) {
      double weight = ramped(lasso.sparsity(), lasso.ramp(), step);
      return Kernels.callList("sae_decoder_lasso_gradients", parameters, x, weight);
    } else if (objective instanceof SaeObjective.JumpRelu jump) {
      double weight = ramped(jump.sparsity(), jump.ramp(), step);
      return Kernels.callList("sae_jump_gradients", parameters, x, weight, jump.bandwidth());
    } else if (objective instanceof SaeObjective.Gated gated) {
      double weight = ramped(gated.sparsity(), gated.ramp(), step);
      return Kernels.callList("sae_gated_gradients", parameters, x, weight);
    } else if (objective instanceof SaeObjective.TopK topK) {
      return topK(topK, parameters, x, asleep);
    }
    throw new IllegalStateException("no gradients of " + objective);
  }

  private static Tensor[] topK(
      SaeObjective.TopK topK, List<Tensor> parameters, Tensor x, Tensor asleep) {
    Tensor sleeping = asleep.gt(topK.asleepAfter() - 0.5);
    long sleepers;
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.off()) {
      sleepers = (long) sleeping.toFloats().sum(0L).item();
    }
    return Kernels.callList(
        "sae_topk_gradients",
        parameters,
        x,
        topK.k(),
        topK.wholeBatch(),
        topK.prefixes().stream().mapToLong(Integer::longValue).toArray(),
        sleeping,
        Math.min(sleepers, Math.max(1, x.size(1) / 2)),
        ASLEEP_WEIGHT);
  }

  private static double ramped(double weight, long ramp, long step) {
    return ramp == 0 ? weight : weight * Math.min(1, (double) step / ramp);
  }

  /** Running mean of the smallest activation of a batch. */
  double threshold() {
    return threshold;
  }

  void restore(double saved) {
    threshold = saved;
  }
}
