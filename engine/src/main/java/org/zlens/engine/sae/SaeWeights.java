package org.zlens.engine.sae;

import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * An SAE as its file gives it: {@code pre = (x - b_dec) W_enc + b_enc} (the subtraction if the
 * configuration says so), {@code recon = f W_dec + b_dec}. The two matrices may still be in their
 * file. All arrays are row-major, of finite values, and belong to this record; do not change them.
 *
 * @param config what is known beside the weights
 * @param encoder from pre-activations to activations
 * @param encoderMatrix W_enc [d_in, d_sae]
 * @param decoderMatrix W_dec [d_sae, d_in]
 * @param bEnc b_enc [d_sae]; zeros for a gated SAE, which has other biases
 * @param bDec b_dec [d_in]
 * @param logSparsity log10 of each feature's frequency [d_sae], empty if the file has none
 */
public record SaeWeights(
    SaeConfig config,
    SaeEncoder encoder,
    SaeMatrix encoderMatrix,
    SaeMatrix decoderMatrix,
    float[] bEnc,
    float[] bDec,
    float[] logSparsity) {
  /** Weights that are in memory. */
  public SaeWeights(
      SaeConfig config,
      SaeEncoder encoder,
      float[] wEnc,
      float[] wDec,
      float[] bEnc,
      float[] bDec,
      float[] logSparsity) {
    this(
        config,
        encoder,
        SaeMatrix.of(wEnc, config.dIn(), config.dSae()),
        SaeMatrix.of(wDec, config.dSae(), config.dIn()),
        bEnc,
        bDec,
        logSparsity);
  }

  /** The values of W_enc [d_in, d_sae], read if they are still in the file. */
  public float[] wEnc() {
    return encoderMatrix.values();
  }

  /** The values of W_dec [d_sae, d_in], read if they are still in the file. */
  public float[] wDec() {
    return decoderMatrix.values();
  }

  /**
   * The same with both matrices in memory and the digest of the file known.
   *
   * @throws ZlensException of kind DATA that names the file if they cannot be read or are not
   *     finite
   */
  public SaeWeights read() {
    return new SaeWeights(
        config.withKnownDigest(),
        encoder,
        encoderMatrix.read(),
        decoderMatrix.read(),
        bEnc,
        bDec,
        logSparsity);
  }

  /**
   * The SAE at work, on native memory; the caller owns it. Matrices that are still in their file
   * are read at its first use, and then the digest of the file is taken too, so that results can
   * say what they were computed from.
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
    boolean inMemory = encoderMatrix.isInMemory() && decoderMatrix.isInMemory();
    return new Sae(
        location,
        config.basis(),
        encoder,
        config.subtractDecoderBias(),
        InputFrame.of(config.normalization()),
        config.dIn(),
        config.dSae(),
        inMemory ? new SaeStore(parameters()) : new SaeStore(this::parameters));
  }

  private SaeParameters parameters() {
    int dIn = config.dIn();
    int dSae = config.dSae();
    try (Scope scope = Scope.open()) {
      SaeParameters parameters =
          SaeParameters.of(
              encoder,
              encoderMatrix.tensor(),
              Tensor.of(bEnc, dSae),
              Decoder.of(decoderMatrix),
              Tensor.of(bDec, dIn));
      try {
        config.source().digest().sha256();
        return parameters;
      } catch (RuntimeException e) {
        parameters.close();
        throw e;
      }
    }
  }
}
