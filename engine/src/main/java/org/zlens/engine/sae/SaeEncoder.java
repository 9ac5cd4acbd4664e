package org.zlens.engine.sae;

/** How an SAE turns its pre-activations into feature activations. */
public sealed interface SaeEncoder {
  /** The name of this kind in SAELens's files. */
  String architecture();

  /** {@code max(0, pre)}. */
  record Relu() implements SaeEncoder {
    @Override
    public String architecture() {
      return "standard";
    }
  }

  /**
   * The k largest pre-activations, those of them that are positive.
   *
   * @param rescaled whether they are ranked, and reported, multiplied by the norm of their decoder
   *     row, and divided by it before decoding
   */
  record TopK(int k, boolean rescaled) implements SaeEncoder {
    @Override
    public String architecture() {
      return "topk";
    }
  }

  /**
   * {@code pre} where it exceeds the feature's threshold, else 0.
   *
   * @param threshold [d_sae]
   */
  record JumpRelu(float[] threshold) implements SaeEncoder {
    @Override
    public String architecture() {
      return "jumprelu";
    }
  }

  /**
   * {@code 1[x W_enc + b_gate > 0] relu(x (W_enc exp(r_mag)) + b_mag)}; such an SAE has no b_enc.
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
  }
}
