package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** The pre-activation of a residual feature, which reads the stream as it is. */
record ResidualFeatureNumber(CleanRun run, int row, int position, int layer, int feature)
    implements PassNumber {
  private Sae sae() {
    return run.saes().residual(layer);
  }

  @Override
  public Location location() {
    return sae().location();
  }

  @Override
  public Location stream() {
    return location();
  }

  @Override
  public double clean() {
    try (Scope scope = Scope.open()) {
      return sae().preActivations(cleanVector(), feature).item();
    }
  }

  @Override
  public Tensor cleanVector() {
    return run.read(sae(), row, position);
  }

  @Override
  public double[] of(Tensor vectors) {
    try (Scope scope = Scope.open()) {
      return sae().preActivations(vectors, feature).reshape(-1).toDoubles().doubles();
    }
  }

  @Override
  public Frozen frozen(int[] positions, Tensor parts) {
    try (Scope scope = Scope.open()) {
      return Frozen.along(parts, sae().reader(feature, cleanVector()));
    }
  }
}
