package org.zlens.engine.sae;

import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * An SAE as its file gives it: {@code pre = (x - b_dec) W_enc + b_enc} (the subtraction if the
 * configuration says so), {@code recon = f W_dec + b_dec}. All arrays are row-major, of finite
 * values, and belong to this record; do not change them.
 *
 * @param config what is known beside the weights
 * @param encoder from pre-activations to activations
 * @param wEnc W_enc [d_in, d_sae]
 * @param wDec W_dec [d_sae, d_in]
 * @param bEnc b_enc [d_sae]; zeros for a gated SAE, which has other biases
 * @param bDec b_dec [d_in]
 * @param logSparsity log10 of each feature's frequency [d_sae], empty if the file has none
 */
public record SaeWeights(
    SaeConfig config,
    SaeEncoder encoder,
    float[] wEnc,
    float[] wDec,
    float[] bEnc,
    float[] bDec,
    float[] logSparsity) {
  /**
   * The SAE at work, on native memory; the caller owns it.
   *
   * @throws ZlensException of kind DATA if it is at a site that is not one of ours
   */
  public Sae toSae() {
    Location location =
        Location.parse(config.hookName())
            .orElseThrow(
                () ->
                    DataFault.in(
                        config.source().path(),
                        "belongs to the site "
                            + DataFault.quote(config.hookName())
                            + ", which is not known"));
    int dIn = config.dIn();
    int dSae = config.dSae();
    try (Scope scope = Scope.open()) {
      return new Sae(
          location,
          config.basis(),
          encoder,
          config.normalization(),
          config.subtractDecoderBias(),
          Tensor.of(wEnc, dIn, dSae),
          Tensor.of(bEnc, dSae),
          Tensor.of(wDec, dSae, dIn),
          Tensor.of(bDec, dIn));
    }
  }
}
