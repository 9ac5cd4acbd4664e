package org.zlens.repl.output;

import java.util.Arrays;
import java.util.Optional;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/**
 * The numbers of a small table as one line of bars, row by row: the first column with a unit, which
 * is what {@code plot} would draw.
 */
final class Sparkline {
  private static final int FEWEST = 3;
  private static final int MOST = 60;
  private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
  private static final String NAME = "\u001B[2m";
  private static final String RESET = "\u001B[0m";

  private Sparkline() {}

  /** The line for a table, if it is small and its numbers differ. */
  static Optional<String> of(TableValue value, int width) {
    int rows = value.table().rowCount();
    if (rows < FEWEST || rows > MOST) {
      return Optional.empty();
    }
    for (Column<?> column : value.table().columns()) {
      if (column instanceof NumericColumn<?> numbers
          && value.units().containsKey(column.name())
          && (width == 0 || column.name().length() + 2 + rows <= width)) {
        return bars(numbers).map(bars -> NAME + column.name() + RESET + "  " + bars);
      }
    }
    return Optional.empty();
  }

  /** Bars from the lowest number or zero, whichever is lower; a missing number leaves a gap. */
  private static Optional<String> bars(NumericColumn<?> column) {
    double[] numbers = new double[column.size()];
    Arrays.setAll(numbers, row -> column.isMissing(row) ? Double.NaN : column.getDouble(row));
    double[] finite = Arrays.stream(numbers).filter(Double::isFinite).toArray();
    double lowest = Math.min(0, Arrays.stream(finite).min().orElse(0));
    double range = Math.max(0, Arrays.stream(finite).max().orElse(0)) - lowest;
    if (Arrays.stream(finite).distinct().count() < 2 || !Double.isFinite(range)) {
      return Optional.empty();
    }
    StringBuilder bars = new StringBuilder();
    for (double number : numbers) {
      double share = (number - lowest) / range;
      int level = (int) Math.min(BARS.length() - 1, Math.floor(share * BARS.length()));
      bars.append(Double.isFinite(number) ? BARS.charAt(level) : ' ');
    }
    return Optional.of(bars.toString());
  }
}
