package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Transcoder;

/** The pre-activation of a transcoder feature, which reads what the MLP of its layer reads. */
record TranscoderFeatureNumber(CleanRun run, int row, int position, int layer, int feature)
    implements PassNumber {
  private Transcoder transcoder() {
    return run.saes().findTranscoder(layer).orElseThrow();
  }

  private boolean readsNormalized() {
    return transcoder().input().site() == Site.LN2_NORMALIZED;
  }

  @Override
  public Location location() {
    return readsNormalized() ? transcoder().input() : stream();
  }

  @Override
  public Location stream() {
    return Location.of(run.config().mlpStream(), layer);
  }

  @Override
  public double clean() {
    try (Scope scope = Scope.open()) {
      return of(cleanVector().unsqueeze(0))[0];
    }
  }

  @Override
  public Tensor cleanVector() {
    MlpInput input = MlpInput.of(run, layer, row, position);
    return readsNormalized() ? input.seen() : input.middle();
  }

  @Override
  public double[] of(Tensor vectors) {
    try (Scope scope = Scope.open()) {
      return transcoder().preActivations(vectors).select(1, feature).copy().toDoubles().doubles();
    }
  }

  @Override
  public Frozen frozen(int[] positions, Tensor parts) {
    try (Scope scope = Scope.open()) {
      MlpInput input = MlpInput.of(run, layer, row, position);
      Tensor reader = transcoder().reader(feature, cleanVector());
      Tensor direction = readsNormalized() ? input.seenInStream(reader) : reader;
      return Frozen.along(parts, direction);
    }
  }
}
