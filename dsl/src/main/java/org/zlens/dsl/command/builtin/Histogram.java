package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;

/**
 * How often numbers fall into bins of equal width, by the rule of Freedman and Diaconis: twice the
 * distance of the quartiles over the cube root of the count. Whole numbers of a small range have a
 * bin each.
 */
final class Histogram {
  private static final int MOST_BINS = 100;

  private final double start;
  private final double width;
  private final int bins;

  private Histogram(double[] sorted) {
    double low = sorted[0];
    double high = sorted[sorted.length - 1];
    boolean whole = Arrays.stream(sorted).allMatch(value -> value == Math.rint(value));
    if (high == low || whole && high - low < MOST_BINS) {
      start = low - 0.5;
      width = 1;
      bins = (int) (high - low) + 1;
      return;
    }
    double quartiles = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    double wished = 2 * quartiles / Math.cbrt(sorted.length);
    double count = wished > 0 ? Math.ceil((high - low) / wished) : Math.sqrt(sorted.length);
    bins = (int) Math.max(1, Math.min(MOST_BINS, count));
    start = low;
    width = (high - low) / bins;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  /**
   * Bars of counts, on top of each other where there are several series; what is no finite number
   * is in no bin.
   *
   * @param groups numbers of each series
   */
  static Plot.Marks of(Map<String, double[]> groups) {
    double[] all =
        groups.values().stream()
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (all.length == 0) {
      throw new ZlensException(Kind.RUNTIME, "there is nothing to draw: no finite numbers", null);
    }
    Histogram histogram = new Histogram(all);
    List<Series> series = new ArrayList<>();
    groups.forEach((name, values) -> series.add(histogram.series(name, values)));
    return new Plot.Marks(series.size() > 1 ? Plot.Mark.STACK : Plot.Mark.BAR, series);
  }

  private Series series(String name, double[] values) {
    double[] middles = new double[bins];
    Arrays.setAll(middles, bin -> start + (bin + 0.5) * width);
    double[] counts = new double[bins];
    for (double value : values) {
      if (Double.isFinite(value)) {
        counts[Math.min(bins - 1, (int) ((value - start) / width))]++;
      }
    }
    return new Series(name, new Scale.Numbers(middles), counts);
  }
}
