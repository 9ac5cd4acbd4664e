package org.zlens.engine.model;

import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * A norm at one point of the model: what it makes of vectors {@code [.., d_model]}, and what it is
 * with its scale held fixed, a linear map.
 *
 * <pre>
 * LayerNorm  scale = sqrt(var(x) + eps)      (x - mean(x)) / scale * gain + bias
 * RMSNorm    scale = sqrt(mean(x^2) + eps)   x / scale * gain
 * </pre>
 *
 * <p>The hook after a norm shows LayerNorm with its gain and bias, but RMSNorm without its gain, as
 * TransformerLens has it (interop 2.1); what the hook shows is called seen here.
 *
 * @param gain {@code [d_model]}, null where folded
 * @param bias {@code [d_model]}, null where there is none
 */
public record Norm(NormKind kind, double eps, Tensor gain, Tensor bias) {
  /** What the hook sees, and the scale {@code [.., 1]}. */
  public Tensor[] apply(Tensor x) {
    if (!kind.centers()) {
      return Kernels.callList("rms_norm", x, eps);
    }
    return gain == null
        ? Kernels.callList("layer_norm", x, eps)
        : Kernels.callList("layer_norm_affine", x, gain, bias, eps);
  }

  /**
   * The scale that an edit sees. What LayerNorm itself gives lets no gradient pass, so that it is
   * worked out again where gradients are recorded.
   */
  Tensor scale(Tensor x, Tensor given) {
    if (!kind.centers() || !GradMode.isOn()) {
      return given;
    }
    Tensor centred = Kernels.call("center", x);
    return centred.mul(centred).meanKeep(-1).add(eps).sqrt();
  }

  /** What the hook sees when the scale is given instead of computed. */
  public Tensor rescaled(Tensor x, Tensor scale) {
    Tensor divided = centered(x).div(scale);
    return gain == null || !kind.centers() ? divided : divided.mul(gain).add(bias);
  }

  /** What goes on from what the hook sees. */
  public Tensor onward(Tensor seen) {
    return gain == null || kind.centers() ? seen : seen.mul(gain);
  }

  /** What goes on, all in one. */
  public Tensor of(Tensor x) {
    return onward(apply(x)[0]);
  }

  /** What goes on of a part of the stream, but for bias and division by the scale. */
  public Tensor linear(Tensor part) {
    Tensor own = centered(part);
    return gain == null ? own : own.mul(gain);
  }

  /**
   * The direction of the stream {@code [.., d_model]} that one of what goes on amounts to, but for
   * division by the scale.
   */
  public Tensor back(Tensor direction) {
    return centered(gain == null ? direction : direction.mul(gain));
  }

  /** The direction of what the hook sees that one of what goes on amounts to. */
  public Tensor backToSeen(Tensor direction) {
    return onward(direction);
  }

  /** The direction of the stream that one of what the hook sees amounts to, likewise. */
  public Tensor backFromSeen(Tensor direction) {
    return kind.centers() ? back(direction) : direction;
  }

  private Tensor centered(Tensor x) {
    return kind.centers() ? Kernels.call("center", x) : x;
  }
}
