package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * What the MLP of a layer reads at one place: the stream after the attention, or before it where
 * the two stand side by side, normalised. It is worked out from what the run kept, so that no run
 * keeps it.
 *
 * @param middle the stream, {@code [d_model]}
 * @param seen what the hook after the norm has, {@code [d_model]}
 * @param scale the norm's scale
 */
record MlpInput(CleanRun run, int layer, Tensor middle, Tensor seen, double scale) {
  /** Reads the input at a place, in the open scope. */
  static MlpInput of(CleanRun run, int layer, int row, int position) {
    Tensor middle = run.vector(Location.of(Site.RESID_PRE, layer), row, position);
    if (!run.config().architecture().parallel()) {
      middle = middle.add(run.vector(Location.of(Site.ATTN_OUT, layer), row, position));
    }
    Tensor[] norm = run.norm2(layer).apply(middle);
    return new MlpInput(run, layer, middle, norm[0], norm[1].item());
  }

  /** Where in the model the MLP of a layer reads the stream. */
  static StreamPoint point(CleanRun run, int layer) {
    return run.config().architecture().parallel()
        ? StreamPoint.before(layer)
        : StreamPoint.middle(layer);
  }

  /**
   * What the MLP reads, {@code [d_model]}: what the hook sees with the gain that comes after it.
   */
  Tensor normalized() {
    return run.norm2(layer).onward(seen);
  }

  /**
   * The direction in the stream {@code [d_model]} that one of what the MLP reads amounts to, the
   * scale held fixed.
   */
  Tensor inStream(Tensor direction) {
    return run.norm2(layer).back(direction).mul(1 / scale);
  }

  /** The same for a direction of what the hook after the norm sees. */
  Tensor seenInStream(Tensor direction) {
    return run.norm2(layer).backFromSeen(direction).mul(1 / scale);
  }

  /** What the norm's bias adds along a direction of the normalised vector. */
  double bias(Tensor direction) {
    Tensor bias = run.block(layer).ln2Bias();
    return bias == null ? 0 : bias.mul(direction).sum().item();
  }
}
