package org.zlens.engine.measure;

/**
 * What it costs a model to have a site replaced, as sums over predictions, so that the parts of a
 * text add up to the whole.
 *
 * @param predictions next-token predictions that were counted
 * @param loss summed loss with the replacement, in nats
 * @param divergence summed Kullback-Leibler divergence from the clean prediction, in nats, over the
 *     same predictions
 */
public record ReplacementLoss(long predictions, double loss, double divergence) {
  /** Nothing measured. */
  public static final ReplacementLoss NONE = new ReplacementLoss(0, 0, 0);

  /** The sums of two parts of a text. */
  public ReplacementLoss plus(ReplacementLoss other) {
    return new ReplacementLoss(
        predictions + other.predictions, loss + other.loss, divergence + other.divergence);
  }

  /** Mean loss, in nats; NaN if nothing was counted. */
  public double meanLoss() {
    return loss / predictions;
  }

  /** Mean divergence from the clean prediction, in nats; NaN if nothing was counted. */
  public double meanDivergence() {
    return divergence / predictions;
  }
}
