package org.zlens.engine.train;

import java.util.Arrays;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeWeights;

/**
 * The SAE that a trainer has made, in the units of the model: the factor of its inputs is folded
 * into the biases, and free decoder rows are brought to norm one, both without changing what it
 * reconstructs.
 */
final class TrainedSae {
  private final SaeTrainer trainer;
  private final int width;
  private final int inputs;
  private final double scale;

  private TrainedSae(SaeTrainer trainer) {
    this.trainer = trainer;
    this.width = trainer.recipe().width();
    this.inputs = (int) trainer.wEnc().size(0);
    this.scale = trainer.scale();
  }

  /** Its weights, with the log frequencies of its features, which may be empty. */
  static SaeWeights of(SaeTrainer trainer, SaeConfig config, float[] logSparsity) {
    return new TrainedSae(trainer).weights(config, logSparsity);
  }

  private SaeWeights weights(SaeConfig config, float[] logSparsity) {
    try (Scope scope = Scope.open()) {
      float[] wEnc = trainer.wEnc().floats();
      float[] wDec = trainer.wDec().floats();
      float[] bEnc = unscaled(trainer.bEnc().floats());
      float[] bDec = unscaled(trainer.bDec().floats());
      SaeEncoder encoder = encoder();
      if (!trainer.recipe().objective().unitDecoder()) {
        float[] threshold =
            encoder instanceof SaeEncoder.JumpRelu jump ? jump.threshold() : new float[width];
        unitRows(wEnc, wDec, bEnc, threshold);
      }
      if (encoder instanceof SaeEncoder.Gated) {
        bEnc = new float[width];
      }
      return new SaeWeights(config, encoder, wEnc, wDec, bEnc, bDec, logSparsity);
    }
  }

  private SaeEncoder encoder() {
    SaeObjective objective = trainer.recipe().objective();
    if (objective instanceof SaeObjective.JumpRelu) {
      float[] threshold = trainer.extras().get(0).floats();
      for (int i = 0; i < width; i++) {
        threshold[i] = (float) (Math.exp(threshold[i]) / scale);
      }
      return new SaeEncoder.JumpRelu(threshold);
    } else if (objective instanceof SaeObjective.Gated) {
      return new SaeEncoder.Gated(
          unscaled(trainer.bEnc().floats()),
          unscaled(trainer.extras().get(0).floats()),
          trainer.extras().get(1).floats());
    } else if (objective instanceof SaeObjective.TopK topK) {
      if (!topK.wholeBatch()) {
        return new SaeEncoder.TopK(topK.k(), false);
      }
      // One vector has no batch to compete with: what the batch's last place cost stands for it.
      float[] threshold = new float[width];
      Arrays.fill(threshold, (float) (trainer.threshold() / scale));
      return new SaeEncoder.JumpRelu(threshold);
    }
    return new SaeEncoder.Relu();
  }

  private float[] unscaled(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] / scale);
    }
    return values;
  }

  /** Moves the norm of each decoder row into everything that comes before the activation. */
  private void unitRows(float[] wEnc, float[] wDec, float[] bEnc, float[] threshold) {
    for (int feature = 0; feature < width; feature++) {
      double squares = 0;
      for (int d = 0; d < inputs; d++) {
        squares += (double) wDec[feature * inputs + d] * wDec[feature * inputs + d];
      }
      double norm = Math.sqrt(squares);
      if (norm == 0) {
        continue;
      }
      for (int d = 0; d < inputs; d++) {
        wDec[feature * inputs + d] /= (float) norm;
        wEnc[d * width + feature] *= (float) norm;
      }
      bEnc[feature] *= (float) norm;
      threshold[feature] *= (float) norm;
    }
  }
}
