package org.zlens.engine.train;

import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What the first vectors tell of all others before training begins.
 *
 * @param scale what brings their mean norm to the root of their width
 * @param mean of each component, unscaled
 */
public record SaeStart(double scale, float[] mean) {
  /** Of vectors {@code [n, width]}. */
  public static SaeStart of(Tensor vectors) {
    try (Scope scope = Scope.open()) {
      double norm = vectors.norm(1).mean(0L).item();
      return new SaeStart(
          norm > 0 ? Math.sqrt(vectors.size(1)) / norm : 1, vectors.mean(0L).floats());
    }
  }
}
