package org.zlens.engine.dashboard;

/**
 * Random numbers that hang on a seed and a place alone: the places with the lowest are a sample,
 * whatever the order and the parts in which a text is read.
 */
final class Lot {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Lot() {}

  /** The number of a place; different places have different ones. */
  static long of(long seed, long place) {
    return mix(place * GOLDEN + mix(seed));
  }

  /** The finisher of SplittableRandom, which no two numbers share a result of. */
  static long mix(long number) {
    long z = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
