package org.zlens.engine.sae;

import java.nio.file.Path;

/** The checked settings and tensors of an SAE, before its input factor is folded in. */
record SaeLensParts(
    SaeLensSettings settings,
    String hookName,
    int layer,
    boolean flattenHeads,
    SaeEncoder encoder,
    float[] wEnc,
    float[] wDec,
    float[] bEnc,
    float[] bDec) {
  /**
   * The finished SAE. A factor s on the input is folded as {@code W_enc * s}, {@code W_dec / s},
   * {@code b_dec / s}, which leaves pre-activations as they were and the reconstruction in the
   * units of the model.
   */
  SaeWeights finish(Path path, String sha256, double factor, float[] logSparsity) {
    if (factor != 1) {
      scale(wEnc, factor);
      scale(wDec, 1 / factor);
      scale(bDec, 1 / factor);
    }
    SaeConfig config =
        new SaeConfig(
            settings.dIn(),
            settings.dSae(),
            hookName,
            layer,
            settings.subtractDecoderBias(),
            settings.normalization(),
            flattenHeads,
            settings.modelName(),
            settings.prependBos(),
            settings.contextSize(),
            settings.basis(),
            new SaeSource(settings.era(), path, sha256, settings.notes()));
    return new SaeWeights(config, encoder, wEnc, wDec, bEnc, bDec, logSparsity);
  }

  private static void scale(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
  }
}
