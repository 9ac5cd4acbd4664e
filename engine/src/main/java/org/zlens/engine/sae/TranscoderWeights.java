package org.zlens.engine.sae;

import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A transcoder as its file gives it. All arrays are row-major, of finite values, and belong to this
 * record; do not change them.
 *
 * @param hookName the site that it reads, under TransformerLens's name
 * @param hookNameOut the site that it predicts
 * @param normalization what is done to the input, and not undone
 * @param wEnc W_enc [d_in, d_sae]
 * @param wDec W_dec [d_sae, d_out]
 * @param bEnc b_enc [d_sae]
 * @param bDec b_dec [d_out]
 * @param wSkip W_skip [d_out, d_in], empty without a skip connection
 * @param modelName the model as the file names it, or empty
 * @param basis of which weights of the model the training activations were
 */
public record TranscoderWeights(
    int dIn,
    int dSae,
    int dOut,
    String hookName,
    String hookNameOut,
    SaeEncoder encoder,
    InputNormalization normalization,
    float[] wEnc,
    float[] wDec,
    float[] bEnc,
    float[] bDec,
    float[] wSkip,
    String modelName,
    WeightBasis basis,
    SaeSource source) {
  /**
   * The transcoder at work, on native memory; the caller owns it.
   *
   * @throws ZlensException of kind DATA if one of its sites is not one of ours
   */
  public Transcoder toTranscoder() {
    Location input = location(hookName);
    Location output = location(hookNameOut);
    try (Scope scope = Scope.open()) {
      return new Transcoder(
          input,
          output,
          encoder,
          normalization,
          Tensor.of(wEnc, dIn, dSae),
          Tensor.of(bEnc, dSae),
          Tensor.of(wDec, dSae, dOut),
          Tensor.of(bDec, dOut),
          wSkip.length == 0 ? null : Tensor.of(wSkip, dOut, dIn));
    }
  }

  private Location location(String hook) {
    return Location.parse(hook)
        .orElseThrow(
            () ->
                DataFault.in(
                    source.path(),
                    "belongs to the site " + DataFault.quote(hook) + ", which is not known"));
  }
}
