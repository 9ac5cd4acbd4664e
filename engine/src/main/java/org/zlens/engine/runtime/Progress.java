package org.zlens.engine.runtime;

/**
 * Hears how far a long computation is and may end it; computations call it between passes, never
 * inside one.
 */
@FunctionalInterface
public interface Progress {
  /** Hears nothing and ends nothing. */
  Progress NONE = (done, total) -> {};

  /**
   * Notes that so many of all steps are done.
   *
   * @throws org.zlens.engine.ZlensException of kind INTERRUPTED to end the computation
   */
  void step(long done, long total);
}
