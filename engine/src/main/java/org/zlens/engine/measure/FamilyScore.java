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

  /** At this score a feature counts as one of the family. */
  public static final double ENOUGH = 0.5;

  /**
   * The share beyond what chance gives: 0 at the base share, 1 where every firing has the property
   * (the form of Cohen's kappa).
   */
  public double score() {
    return (share - base) / (1 - base);
  }

  /** Whether the feature counts as one of the family. */
  public boolean belongs() {
    return firings >= FEWEST && score() >= ENOUGH;
  }
}
