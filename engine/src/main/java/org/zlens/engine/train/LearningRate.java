package org.zlens.engine.train;

/** The learning rate of each step of a training. */
public sealed interface LearningRate permits WarmUp, LinearFall {
  /**
   * The rate of a step.
   *
   * @param step counted from the start, from 0
   * @param sinceResampling counted from the last resampling, or from the start
   */
  double at(long step, long sinceResampling);

  /** The full rate. */
  double rate();
}
