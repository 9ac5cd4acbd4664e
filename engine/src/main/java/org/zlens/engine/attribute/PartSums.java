package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums over places of what some parts add to one number there, from which their means and both
 * readings of the variance that they explain follow (paper-spec A.11); those of several texts
 * {@link #merge}.
 */
final class PartSums {
  private final double[] sums;
  private final double[] squares;
  private final double[] products;

  /** Sums over no place of so many parts. */
  PartSums(int parts) {
    sums = new double[parts];
    squares = new double[parts];
    products = new double[parts];
  }

  /**
   * Adds what a part is at a place.
   *
   * @param total what all parts sum to there
   */
  void add(int part, double value, double total) {
    sums[part] += value;
    squares[part] += value * value;
    products[part] += value * total;
  }

  /** Adds all parts of a place. */
  void add(double[] values, double total) {
    for (int part = 0; part < values.length; part++) {
      add(part, values[part], total);
    }
  }

  /** Adds what was summed over other places. */
  void merge(PartSums other) {
    for (int part = 0; part < sums.length; part++) {
      sums[part] += other.sums[part];
      squares[part] += other.squares[part];
      products[part] += other.products[part];
    }
  }

  /**
   * Every part that was there at all, in order. Shares of a variance that is zero are NaN.
   *
   * @param places number of places
   * @param sum of the totals
   * @param square sum of the squares of the totals
   * @param idle whether parts that never added anything are given as well
   */
  List<PartVariance> all(long places, double sum, double square, boolean idle) {
    double whole = variance(sum, square, places);
    double energy = 0;
    for (double one : squares) {
      energy += one;
    }
    List<PartVariance> all = new ArrayList<>();
    for (int part = 0; part < sums.length; part++) {
      if (idle || squares[part] > 0) {
        double own = variance(sums[part], squares[part], places);
        double both = products[part] / places - sums[part] / places * (sum / places);
        all.add(
            new PartVariance(
                part,
                sums[part] / places,
                1 - (whole + own - 2 * both) / whole,
                squares[part] / energy));
      }
    }
    return all;
  }

  private static double variance(double sum, double squares, long places) {
    double mean = sum / places;
    return squares / places - mean * mean;
  }
}
