package org.zlens.engine.measure;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

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
    return lossRecovered(splicedLoss);
  }

  /** The same of another SAE of the site on the same text, by the loss with its reconstruction. */
  public double lossRecovered(double otherSplicedLoss) {
    return (zeroLoss - otherSplicedLoss) / (zeroLoss - cleanLoss);
  }

  /** Measures an SAE on batches of tokens int64 {@code [batch, pos]}. */
  public static SaeQuality measure(Transformer model, Sae sae, List<Tensor> batches) {
    TextBatches text = TextBatches.of(batches.stream().map(Batch::of).toList());
    Set<Replacement> replacements = EnumSet.of(Replacement.RECONSTRUCTION, Replacement.ZERO);
    return of(
        new SaeEvaluation(model, List.of(sae), replacements, null).run(text, Progress.NONE).get(0));
  }

  /** What statistics say, of a text with both a reconstruction and zero in the site's place. */
  public static SaeQuality of(SaeStatistics statistics) {
    float[] logFrequency = new float[statistics.features()];
    for (int i = 0; i < logFrequency.length; i++) {
      logFrequency[i] = (float) Math.log10(statistics.frequency(i) + 1e-10);
    }
    return new SaeQuality(
        statistics.tokens(),
        statistics.activeFeatures(),
        statistics.atMost(0) / (double) statistics.features(),
        statistics.loss(Replacement.NONE).meanLoss(),
        statistics.loss(Replacement.RECONSTRUCTION).meanLoss(),
        statistics.loss(Replacement.ZERO).meanLoss(),
        logFrequency);
  }
}
