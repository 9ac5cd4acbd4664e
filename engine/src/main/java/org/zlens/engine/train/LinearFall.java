package org.zlens.engine.train;

/**
 * A learning rate that rises in a straight line, is constant, and falls in a straight line to
 * nothing (paper-spec B.2, where it does not rise).
 *
 * @param rate the full learning rate
 * @param rise steps at the start over which it rises
 * @param fall steps at the end over which it falls
 * @param steps of the whole training
 */
public record LinearFall(double rate, long rise, long fall, long steps) implements LearningRate {
  @Override
  public double at(long step, long sinceResampling) {
    double up = rise == 0 ? 1 : Math.min(1, (step + 1.0) / rise);
    double down = fall == 0 ? 1 : Math.min(1, (double) (steps - step) / fall);
    return rate * Math.min(up, Math.max(0, down));
  }
}
