package org.zlens.engine.measure;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SparseActivations;

/**
 * How good an SAE is on a text (paper-spec C.1 to C.4).
 *
 * @param tokens tokens that it was measured on, all positions
 * @param activeFeatures mean number of features above zero on a token (L0)
 * @param deadShare share of the features that never fired
 * @param cleanLoss mean next-token loss of the model, in nats
 * @param splicedLoss the same with the site replaced by its reconstruction everywhere
 * @param zeroLoss the same with the site set to zero everywhere; at z the folded value biases stay
 *     in the output's bias
 * @param logFrequency log10 of each feature's share of tokens, plus 1e-10
 */
public record SaeQuality(
    long tokens,
    double activeFeatures,
    double deadShare,
    double cleanLoss,
    double splicedLoss,
    double zeroLoss,
    float[] logFrequency) {

  /** Share of the loss that zeroing the site adds which the SAE recovers (equation 4). */
  public double lossRecovered() {
    return (zeroLoss - splicedLoss) / (zeroLoss - cleanLoss);
  }

  /**
   * Measures an SAE on batches of tokens int64 {@code [batch, pos]}; losses are means over batches,
   * and the share recovered is taken after averaging.
   */
  public static SaeQuality measure(Transformer model, Sae sae, List<Tensor> batches) {
    double[] sums = new double[3];
    double active = 0;
    long tokens = 0;
    double[] fired = new double[sae.features()];
    Location at = sae.location();
    for (Tensor batch : batches) {
      try (Scope scope = Scope.open()) {
        Activations clean = model.forward(batch, Hooks.none().capture(at));
        SparseActivations acts = sae.encodeSparse(clean.get(at));
        active += acts.count();
        for (int row = 0; row < acts.rows(); row++) {
          for (int feature : acts.features(row)) {
            fired[feature]++;
          }
        }
        tokens += batch.elements();
        sums[0] += loss(clean.logits(), batch);
        sums[1] +=
            spliced(
                model,
                batch,
                new Edit(at, "reconstruction", Edit.Effect.MUST_CHANGE, sae::reconstruct));
        sums[2] +=
            spliced(model, batch, new Edit(at, "zero", Edit.Effect.MUST_CHANGE, sae::origin));
      }
    }
    float[] logFrequency = new float[fired.length];
    int dead = 0;
    for (int i = 0; i < fired.length; i++) {
      logFrequency[i] = (float) Math.log10(fired[i] / tokens + 1e-10);
      dead += fired[i] == 0 ? 1 : 0;
    }
    int n = batches.size();
    return new SaeQuality(
        tokens,
        active / tokens,
        dead / (double) fired.length,
        sums[0] / n,
        sums[1] / n,
        sums[2] / n,
        logFrequency);
  }

  private static double spliced(Transformer model, Tensor batch, Edit edit) {
    return loss(model.forward(batch, Hooks.none().edit(edit)).logits(), batch);
  }

  private static double loss(Tensor logits, Tensor tokens) {
    return Kernels.call("next_token_loss", logits, tokens).item();
  }
}
