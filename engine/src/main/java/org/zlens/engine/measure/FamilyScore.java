package org.zlens.engine.measure;

/**
 * How well a feature fits a family.
 *
 * @param feature its index
 * @param family the family
 * @param firings places at which it fired
 * @param share share of them that have the family's property
 * @param base share of all places that have it, fired or not; for {@link FeatureFamily#N_GRAM} the
 *     share of the pair among all places
 */
public record FamilyScore(
    int feature, FeatureFamily family, long firings, double share, double base) {
  /** Fewer firings say nothing. */
  public static final int FEWEST = 20;

  private static final double ALPHA = 0.05;

  /** From this lowest score on a feature counts as one of the family. */
  public static final double ENOUGH = 0.5;

  /**
   * The share beyond what chance gives: 0 at the base share, 1 where every firing has the property
   * (the form of Cohen's kappa).
   */
  public double score() {
    return base < 1 ? (share - base) / (1 - base) : Double.NaN;
  }

  /**
   * The score that the counts allow at least: the same of the lower end of the share's exact
   * interval of 95 %. Few firings, or a property that nearly every place has, leave it low.
   */
  public double lowestScore() {
    double lower = ClopperPearson.of(Math.round(share * firings), firings, ALPHA).lower();
    return base < 1 ? (lower - base) / (1 - base) : Double.NEGATIVE_INFINITY;
  }

  /** Whether the feature counts as one of the family. */
  public boolean belongs() {
    return firings >= FEWEST && lowestScore() >= ENOUGH;
  }
}
