package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The logit of a token, or its difference to that of another.
 *
 * @param other token whose logit is subtracted, -1 if none
 */
record LogitNumber(CleanRun run, int row, int position, int answer, int other)
    implements PassNumber {
  /** The direction of what the unembedding reads, {@code [d_model]}, in the open scope. */
  private Tensor direction() {
    Weights weights = run.model().weights();
    Tensor own = weights.wU().select(1, answer);
    return other < 0 ? own : own.sub(weights.wU().select(1, other));
  }

  private double bias() {
    Tensor biases = run.model().weights().bU();
    double own = biases.select(0, answer).item();
    return other < 0 ? own : own - biases.select(0, other).item();
  }

  @Override
  public Location location() {
    return Location.of(Site.FINAL_NORMALIZED);
  }

  @Override
  public Location stream() {
    return Location.of(Site.RESID_POST, run.config().layers() - 1);
  }

  @Override
  public double clean() {
    double own = run.logit(row, position, answer);
    return other < 0 ? own : own - run.logit(row, position, other);
  }

  @Override
  public Tensor cleanVector() {
    throw new IllegalStateException("a logit is read after the final norm");
  }

  @Override
  public double[] of(Tensor vectors) {
    try (Scope scope = Scope.open()) {
      double bias = bias();
      double[] numbers =
          vectors.matmul(run.finalNorm().backToSeen(direction())).toDoubles().doubles();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] += bias;
      }
      return numbers;
    }
  }

  @Override
  public Frozen frozen(int[] positions, Tensor parts) {
    try (Scope scope = Scope.open()) {
      double sigma = run.vector(Location.of(Site.FINAL_SCALE), row, position).item();
      return Frozen.along(parts, run.finalNorm().back(direction()).mul(1 / sigma));
    }
  }
}
