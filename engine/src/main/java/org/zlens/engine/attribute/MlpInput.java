package org.zlens.engine.attribute;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * What the MLP of a layer reads at one place: the stream after the attention, normalised. It is
 * worked out from what the run kept, so that no run keeps it.
 *
 * @param middle the stream, {@code [d_model]}
 * @param normalized what the norm makes of it, {@code [d_model]}
 * @param scale the norm's scale
 */
record MlpInput(CleanRun run, int layer, Tensor middle, Tensor normalized, double scale) {
  /** Reads the input at a place, in the open scope. */
  static MlpInput of(CleanRun run, int layer, int row, int position) {
    Tensor middle =
        run.vector(Location.of(Site.RESID_PRE, layer), row, position)
            .add(run.vector(Location.of(Site.ATTN_OUT, layer), row, position));
    Tensor[] norm = norm(run, layer, middle);
    return new MlpInput(run, layer, middle, norm[0], norm[1].item());
  }

  /** The norm before an MLP of vectors {@code [.., d_model]}: the values and the scale. */
  static Tensor[] norm(CleanRun run, int layer, Tensor vectors) {
    BlockWeights block = run.block(layer);
    double eps = run.config().normEps();
    return block.ln2Gain() == null
        ? Kernels.callList("layer_norm", vectors, eps)
        : Kernels.callList("layer_norm_affine", vectors, block.ln2Gain(), block.ln2Bias(), eps);
  }

  /**
   * The direction in the stream {@code [d_model]} that one of the normalised vector amounts to, the
   * scale held fixed.
   */
  Tensor inStream(Tensor direction) {
    Tensor gain = run.block(layer).ln2Gain();
    Tensor gained = gain == null ? direction : direction.mul(gain);
    return Kernels.call("center", gained).mul(1 / scale);
  }

  /** What the norm's bias adds along a direction of the normalised vector. */
  double bias(Tensor direction) {
    Tensor bias = run.block(layer).ln2Bias();
    return bias == null ? 0 : bias.mul(direction).sum().item();
  }
}
