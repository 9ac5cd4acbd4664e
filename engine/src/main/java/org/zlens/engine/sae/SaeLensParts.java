package org.zlens.engine.sae;

import java.nio.file.Path;
import org.zlens.engine.io.FileDigest;

/** The checked settings and tensors of an SAE, before its input factor is folded in. */
record SaeLensParts(
    SaeLensSettings settings,
    String hookName,
    int layer,
    boolean flattenHeads,
    SaeEncoder encoder,
    SaeMatrix wEnc,
    SaeMatrix wDec,
    float[] bEnc,
    float[] bDec) {
  /**
   * The finished SAE. A factor s on the input is folded as {@code W_enc * s}, {@code W_dec / s},
   * {@code b_dec / s}, which leaves pre-activations as they were and the reconstruction in the
   * units of the model.
   */
  SaeWeights finish(Path path, FileDigest digest, double factor, float[] logSparsity) {
    if (factor != 1) {
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
            new SaeSource(settings.era(), path, digest, settings.notes()));
    return new SaeWeights(
        config,
        encoder,
        factor == 1 ? wEnc : wEnc.scaled(factor),
        factor == 1 ? wDec : wDec.scaled(1 / factor),
        bEnc,
        bDec,
        logSparsity);
  }

  private static void scale(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
  }
}
