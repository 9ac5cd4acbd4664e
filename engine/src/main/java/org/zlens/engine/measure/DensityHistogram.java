package org.zlens.engine.measure;

/**
 * How many features fire how often, by powers of ten.
 *
 * @param never features that never fired
 * @param counts features whose log10 of the frequency lies in each bin; bin i runs from {@code -8 +
 *     i/4} to a quarter more, the first takes what lies below it, and the last holds 0
 */
public record DensityHistogram(int never, int[] counts) {
  /** Bins of each power of ten. */
  public static final int BINS_OF_DECADE = 4;

  /** The log10 that the first bin begins with. */
  public static final int LOWEST = -8;

  private static final int BINS = -LOWEST * BINS_OF_DECADE;

  static DensityHistogram of(long[] fired, long tokens) {
    int never = 0;
    int[] counts = new int[BINS];
    for (long count : fired) {
      if (count == 0) {
        never++;
      } else {
        double place = (Math.log10(count / (double) tokens) - LOWEST) * BINS_OF_DECADE;
        counts[(int) Math.max(0, Math.min(BINS - 1, Math.floor(place)))]++;
      }
    }
    return new DensityHistogram(never, counts);
  }

  /** The log10 that a bin begins with. */
  public static double from(int bin) {
    return LOWEST + bin / (double) BINS_OF_DECADE;
  }
}
