package org.zlens.engine.sae;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * How an SAE turns its pre-activations into feature activations.
 *
 * <p>Each kind runs on the tensors of {@link SaeParameters}, in which whatever can be folded is
 * folded: then a pre-activation is linear in the input for all of them, and an activation is either
 * the pre-activation or zero. So what explains the pre-activation of an active feature explains its
 * activation, exactly.
 */
public sealed interface SaeEncoder {
  /** The name of this kind in SAELens's files. */
  String architecture();

  /** Whether each activation hangs on its own pre-activation alone. */
  default boolean independent() {
    return true;
  }

  /**
   * Activations of pre-activations {@code [.., feature]}.
   *
   * @param threshold {@code [feature]} of {@link SaeParameters#threshold}, null where it has none
   */
  Tensor activate(Tensor preActivations, Tensor threshold);

  /** {@code max(0, pre)}. */
  record Relu() implements SaeEncoder {
    @Override
    public String architecture() {
      return "standard";
    }

    @Override
    public Tensor activate(Tensor preActivations, Tensor threshold) {
      return preActivations.relu();
    }
  }

  /**
   * The k largest pre-activations, those of them that are positive.
   *
   * @param rescaled whether they are ranked, and reported, multiplied by the norm of their decoder
   *     row, and divided by it before decoding
   */
  record TopK(int k, boolean rescaled) implements SaeEncoder {
    /** Refuses a k that chooses nothing. */
    public TopK {
      if (k < 1) {
        throw new ZlensException(Kind.DATA, "a TopK SAE of k " + k, "k counts from 1");
      }
    }

    @Override
    public String architecture() {
      return "topk";
    }

    @Override
    public boolean independent() {
      return false;
    }

    @Override
    public Tensor activate(Tensor preActivations, Tensor threshold) {
      return Kernels.call("top_k_relu", preActivations, k);
    }
  }

  /**
   * {@code max(0, pre)} where pre exceeds the feature's threshold, else 0. A BatchTopK SAE is read
   * as this, with the threshold that its training arrived at.
   *
   * @param threshold [d_sae]
   */
  record JumpRelu(float[] threshold) implements SaeEncoder {
    @Override
    public String architecture() {
      return "jumprelu";
    }

    @Override
    public Tensor activate(Tensor preActivations, Tensor tensor) {
      return Kernels.call("jump_relu", preActivations, tensor);
    }
  }

  /**
   * {@code 1[x W_enc + b_gate > 0] relu(x (W_enc exp(r_mag)) + b_mag)}; such an SAE has no b_enc.
   *
   * <p>Both paths read the input along the same direction, so that the gate is open exactly where
   * the pre-activation of the magnitude exceeds {@code b_mag - exp(r_mag) b_gate}: it runs as a
   * JumpReLU, and the magnitude path is what attributions decompose.
   *
   * @param gateBias b_gate [d_sae]
   * @param magnitudeBias b_mag [d_sae]
   * @param magnitudeLogScale r_mag [d_sae]
   */
  record Gated(float[] gateBias, float[] magnitudeBias, float[] magnitudeLogScale)
      implements SaeEncoder {
    @Override
    public String architecture() {
      return "gated";
    }

    @Override
    public Tensor activate(Tensor preActivations, Tensor threshold) {
      return Kernels.call("jump_relu", preActivations, threshold);
    }
  }
}
