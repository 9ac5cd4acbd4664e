package org.zlens.engine.report;

/**
 * Marks of one colour.
 *
 * @param name what the legend calls them; empty for the only series of a picture
 * @param x their places
 * @param y their heights; NaN leaves a mark out
 */
public record Series(String name, Scale x, double[] y) {
  /** Checks that each place has a height. */
  public Series {
    if (x.size() != y.length) {
      throw new IllegalArgumentException(y.length + " heights at " + x.size() + " places");
    }
    y = y.clone();
  }
}
