package org.zlens.engine.train;

/**
 * The learning rate of an SAE: from a tenth of the full rate up along half a cosine, then constant;
 * at the start and again after each resampling (paper-spec B.1).
 *
 * @param rate the full learning rate
 * @param steps steps of the rise
 */
public record WarmUp(double rate, int steps) implements LearningRate {
  private static final double FLOOR = 0.1;

  @Override
  public double at(long step, long sinceResampling) {
    if (sinceResampling >= steps) {
      return rate;
    }
    double rise = (1 - Math.cos(Math.PI * sinceResampling / steps)) / 2;
    return rate * (FLOOR + (1 - FLOOR) * rise);
  }
}
