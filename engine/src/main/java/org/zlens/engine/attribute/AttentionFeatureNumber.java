package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** The pre-activation of an attention feature at a destination. */
record AttentionFeatureNumber(CleanRun run, int row, int position, int layer, int feature)
    implements PassNumber {
  private Sae sae() {
    return run.saes().attention(layer);
  }

  @Override
  public Location location() {
    return sae().location();
  }

  @Override
  public Location stream() {
    return Location.of(Site.RESID_PRE, layer);
  }

  @Override
  public double clean() {
    try (Scope scope = Scope.open()) {
      return sae().preActivations(run.read(sae(), row, position), feature).item();
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
      float[] reader = sae().reader(feature, run.read(sae(), row, position)).floats();
      return frozen(run, row, position, layer, reader, positions, parts);
    }
  }

  /**
   * What a reader of z {@code [head * d_head]} reads of parts of the stream at source positions,
   * pattern and norm scales held fixed.
   */
  static Frozen frozen(
      CleanRun run,
      int row,
      int destination,
      int layer,
      float[] reader,
      int[] positions,
      Tensor parts) {
    try (Scope scope = Scope.open()) {
      BlockWeights block = run.block(layer);
      int count = positions.length;
      int groups = run.config().keyValueHeads();
      float[] scales = new float[count];
      long[] sources = new long[count];
      for (int i = 0; i < count; i++) {
        scales[i] = (float) run.scale(layer, row, positions[i]);
        sources[i] = positions[i];
      }
      Tensor gained = run.norm1(layer).linear(parts).div(Tensor.of(scales, count, 1));
      int heads = run.config().heads();
      Tensor readers = Tensor.of(reader, groups, heads / groups, run.config().dHead());
      Tensor maps = block.wV().reshape(run.config().dModel(), groups, -1);
      Tensor directions = Tensor.einsum("mgd,gsd->gsm", maps, readers).reshape(heads, -1);
      Tensor read = gained.matmul(directions.transpose(0, 1));
      Tensor weights = run.pattern(layer, row, destination).indexSelect(1, sources).transpose(0, 1);
      Tensor lengths = directions.norm(-1).reshape(1, -1);
      Tensor sizes = weights.mul(lengths).sum(1L).mul(gained.norm(-1).reshape(-1));
      return new Frozen(
          read.mul(weights).sum(1L).toDoubles().doubles(), sizes.toDoubles().doubles());
    }
  }
}
