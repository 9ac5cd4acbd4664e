package org.zlens.engine.train;

import java.io.Serial;
import java.util.Random;

/**
 * Random numbers whose state can be kept and set: those of {@link Random} itself, by the generator
 * that its contract prescribes.
 */
final class SavedRandom extends Random {
  @Serial private static final long serialVersionUID = 1L;
  private static final long MULTIPLIER = 0x5DEECE66DL;
  private static final long MASK = (1L << 48) - 1;

  private long state;

  SavedRandom(long seed) {
    state = (seed ^ MULTIPLIER) & MASK;
  }

  @Override
  protected int next(int bits) {
    state = (state * MULTIPLIER + 0xB) & MASK;
    return (int) (state >> (48 - bits));
  }

  /** All that later numbers depend on. */
  long state() {
    return state;
  }

  /** Goes on from a state. */
  void restore(long saved) {
    state = saved & MASK;
  }
}
