package org.zlens.engine.train;

/**
 * When features that never fire are made anew from vectors that are rebuilt badly (paper-spec B.1).
 *
 * @param every steps between resamplings
 * @param times at most so many of them; 0 for none
 * @param window last steps before a resampling that decide which features are dead
 * @param deadBelow a feature is dead if it fires on at most this share of the vectors
 * @param batches batches of vectors from which the new directions are drawn
 */
public record Resampling(int every, int times, int window, double deadBelow, int batches) {
  /** Never. */
  public static final Resampling NONE = new Resampling(1, 0, 1, 0, 0);

  /** Refuses a period that never ends. */
  public Resampling {
    if (every < 1) {
      throw new IllegalArgumentException("a period of " + every + " steps");
    }
  }

  /** Whether there is one after a number of steps, of which so many have been. */
  boolean isDue(long steps, int done) {
    return done < times && steps % every == 0;
  }

  /** Whether the counts of firings start anew after a step, counted from 0. */
  boolean forgets(long step) {
    return times > 0 && (step + window) % every == 0;
  }
}
