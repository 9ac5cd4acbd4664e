package org.zlens.engine.dashboard;

/**
 * Bins and bands of activations on a grid whose step is a power of two: the finest on which the
 * largest activation of a feature lies in the upper half.
 *
 * <p>Two bins of one grid are one bin of the next coarser, so that the counts of parts of a text
 * add up to those of the whole though neither knows the other's largest activation. Bands are of
 * equal width, as those of the paper's code (paper-spec E.1); there are 8 to 16 of them up to the
 * largest activation where the paper has 10, since tenths of it would not add up.
 */
final class ActivationGrid {
  /** Bins of a grid; those above the largest activation are empty, at most half of them. */
  static final int BINS = 64;

  /** Bands of a grid, each of several bins. */
  static final int BANDS = 16;

  /** The exponent where there is no activation yet. */
  static final int NONE = Integer.MIN_VALUE;

  private static final int BITS = Integer.numberOfTrailingZeros(BINS);

  private ActivationGrid() {}

  /** The exponent of the finest step with which an activation above zero lies on the grid. */
  static int exponent(float activation) {
    return Math.getExponent(activation) + 1 - BITS;
  }

  /** The bin of an activation. */
  static int bin(float activation, int exponent) {
    return (int) Math.scalb((double) activation, -exponent);
  }

  /** The band of a bin. */
  static int band(int bin) {
    return bin / (BINS / BANDS);
  }

  /** The activation that a bin begins with. */
  static double binFrom(int bin, int exponent) {
    return Math.scalb((double) bin, exponent);
  }

  /** The activation that a band begins with. */
  static double bandFrom(int band, int exponent) {
    return binFrom(band * (BINS / BANDS), exponent);
  }
}
