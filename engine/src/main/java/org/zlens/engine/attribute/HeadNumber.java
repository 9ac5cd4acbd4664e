package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What a head writes along a direction of the stream that is held fixed.
 *
 * @param reader of the head's part of z, {@code [d_head]}
 */
record HeadNumber(CleanRun run, int row, int position, int layer, int head, float[] reader)
    implements PassNumber {
  /**
   * A head along a direction.
   *
   * @param direction {@code [d_model]}
   */
  static HeadNumber along(
      CleanRun run, int row, int position, int layer, int head, float[] direction) {
    try (Scope scope = Scope.open()) {
      BlockWeights block = run.block(layer);
      int size = run.config().dHead();
      Tensor out = block.wO().slice(0, (long) head * size, (head + 1L) * size);
      Tensor along = Tensor.of(direction, direction.length);
      float[] reader = out.matmul(run.attentionAdds(layer, row, position, along)).floats();
      return new HeadNumber(run, row, position, layer, head, reader);
    }
  }

  @Override
  public Location location() {
    return Location.of(Site.Z, layer);
  }

  @Override
  public Location stream() {
    return Location.of(Site.RESID_PRE, layer);
  }

  @Override
  public double clean() {
    try (Scope scope = Scope.open()) {
      return of(cleanVector().unsqueeze(0))[0];
    }
  }

  @Override
  public Tensor cleanVector() {
    return run.vector(location(), row, position);
  }

  @Override
  public double[] of(Tensor vectors) {
    try (Scope scope = Scope.open()) {
      int size = reader.length;
      return vectors
          .slice(1, (long) head * size, (head + 1L) * size)
          .matmul(Tensor.of(reader, size))
          .toDoubles()
          .doubles();
    }
  }

  @Override
  public Frozen frozen(int[] positions, Tensor parts) {
    float[] whole = new float[run.config().heads() * reader.length];
    System.arraycopy(reader, 0, whole, head * reader.length, reader.length);
    return AttentionFeatureNumber.frozen(run, row, position, layer, whole, positions, parts);
  }
}
