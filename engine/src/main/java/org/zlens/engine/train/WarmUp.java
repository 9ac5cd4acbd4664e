package org.zlens.engine.train;

/**
 * The learning rate of an SAE: from a tenth of the full rate up along half a cosine, then constant;
 * at the start and again after each resampling (paper-spec B.1).
 *
 * @param rate the full learning rate
 * @param steps steps of the rise
 */
public record WarmUp(double rate, int steps) {
  private static final double FLOOR = 0.1;

  /** The rate of a step, counted from the start or the last resampling. */
  public double at(long step) {
    if (step >= steps) {
      return rate;
    }
    double rise = (1 - Math.cos(Math.PI * step / steps)) / 2;
    return rate * (FLOOR + (1 - FLOOR) * rise);
  }
}
