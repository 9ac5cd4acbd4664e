package org.zlens.engine.plan;

/**
 * What is foretold of a computation against what it took. Below some time and memory the program
 * itself, which compiles what it runs for the first time and fills its heap before it clears it,
 * takes more than the computation, and nobody can tell how much; what is less counts as that much.
 */
public final class Foretold {
  /** Times below this are not told apart: 10 ms. */
  public static final double LEAST_SECONDS = 0.01;

  /** Amounts of memory below this are not told apart: 32 MB. */
  public static final long LEAST_BYTES = 32_000_000;

  /** What the allocator keeps between what is used and what is free. */
  private static final double KEPT = 1.25;

  private static final long PROGRAM = 16_000_000;

  private Foretold() {}

  /**
   * What the process grows by with a computation of so many bytes: what lies between its values,
   * and the program's own share, come on top.
   */
  public static long withProgram(long bytes) {
    return (long) (KEPT * bytes) + PROGRAM;
  }

  /** By what factor a time is missed, 1 or more. */
  public static double missedBy(double foretold, double real) {
    return factor(Math.max(foretold, LEAST_SECONDS), Math.max(real, LEAST_SECONDS));
  }

  /** By what factor an amount of memory is missed, 1 or more. */
  public static double missedBy(long foretold, long real) {
    return factor(Math.max(foretold, LEAST_BYTES), Math.max(real, LEAST_BYTES));
  }

  private static double factor(double one, double other) {
    return Math.max(one / other, other / one);
  }
}
