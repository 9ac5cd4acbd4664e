package org.zlens.engine.measure;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * The exact interval of a share, by Clopper and Pearson (paper-spec C.5, equations 5 to 7).
 *
 * <p>The paper's text says a level of 0.025; its Table 2 is that of 0.05.
 *
 * @param lower lowest share that the counts allow, 0 to 1
 * @param upper highest share that they allow, 0 to 1
 */
public record ClopperPearson(double lower, double upper) {
  /**
   * The interval that misses the true share in at most {@code alpha} of all samples.
   *
   * @param successes how many of the trials succeeded
   * @param trials how many there were, at least one
   * @param alpha between 0 and 1, for example 0.05 for an interval of 95 %
   */
  public static ClopperPearson of(long successes, long trials, double alpha) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new ZlensException(
          Kind.USAGE,
          successes + " successes of " + trials + " trials are not possible",
          "successes run from 0 to the number of trials");
    }
    if (!(alpha > 0 && alpha < 1)) {
      throw new ZlensException(
          Kind.USAGE, "alpha must lie between 0 and 1, found " + alpha, "0.05 gives 95 %");
    }
    double x = successes;
    double n = trials;
    double lower =
        successes == 0
            ? 0
            : BetaDistribution.of(x, n - x + 1).inverseCumulativeProbability(alpha / 2);
    double upper =
        successes == trials
            ? 1
            : BetaDistribution.of(x + 1, n - x).inverseCumulativeProbability(1 - alpha / 2);
    return new ClopperPearson(lower, upper);
  }
}
