package org.zlens.engine.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.zlens.engine.report.Network.Dot;

/**
 * Where the columns of a network are drawn: one with many dots side by side is wider than others,
 * one without any is narrower.
 *
 * @param middles of the columns
 * @param widths of the columns; 1 is usual
 */
record NetworkColumns(double[] middles, double[] widths) {
  /** Dots side by side that have room in a column of usual width. */
  private static final double ROOM = 3;

  private static final double EMPTY = 0.6;

  static NetworkColumns of(Network network) {
    int count = network.columns().size();
    double[] widths = new double[count];
    Arrays.fill(widths, EMPTY);
    Map<Double, int[]> beside = new HashMap<>();
    for (Dot dot : network.dots()) {
      int column = column(dot, count);
      int some = ++beside.computeIfAbsent(dot.y(), row -> new int[count])[column];
      widths[column] = Math.max(widths[column], Math.max(1, some / ROOM));
    }
    double[] middles = new double[count];
    double end = count == 0 ? 0 : -widths[0] / 2;
    for (int column = 0; column < count; column++) {
      middles[column] = end + widths[column] / 2;
      end += widths[column];
    }
    return new NetworkColumns(middles, widths);
  }

  private static int column(Dot dot, int count) {
    return Math.max(0, Math.min(count - 1, (int) Math.round(dot.x())));
  }

  /** Where a dot is drawn along x. */
  double of(Dot dot) {
    int column = column(dot, middles.length);
    return middles[column] + (dot.x() - column) * widths[column];
  }

  /** Where the first column begins. */
  double start() {
    return widths.length == 0 ? 0 : -widths[0] / 2;
  }

  /** Where the last column ends. */
  double end() {
    int last = middles.length - 1;
    return last < 0 ? 0 : middles[last] + widths[last] / 2;
  }
}
