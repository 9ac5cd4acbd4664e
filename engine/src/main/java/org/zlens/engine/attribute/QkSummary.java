package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.statistics.descriptive.Variance;

/**
 * Attention scores of several prompts: the mean of each pair of parts, and how much of the way in
 * which the score varies some pairs account for (paper-spec D-Fig18).
 *
 * @param each one for each prompt, of the same head and splits
 * @param rows the pairs by falling mean size
 */
public record QkSummary(List<QkAttribution> each, List<Row> rows) {
  /**
   * A pair of parts, by their names.
   *
   * @param mean mean contribution over all prompts, zero where the pair is absent
   * @param size mean size of the contribution
   * @param prompts in how many prompts both parts are there
   */
  public record Row(String query, String key, double mean, double size, int prompts) {}

  private record Names(String query, String key) {}

  private static final class Sum {
    private double sum;
    private double size;
    private int prompts;
  }

  /** Keeps the lists from changing. */
  public QkSummary {
    each = List.copyOf(each);
    rows = List.copyOf(rows);
  }

  /** Summarises the scores of at least one prompt. */
  public static QkSummary of(List<QkAttribution> each) {
    if (each.isEmpty()) {
      throw new IllegalArgumentException("a summary of no scores");
    }
    Map<Names, Sum> sums = new LinkedHashMap<>();
    for (QkAttribution one : each) {
      for (int i = 0; i < one.table().length; i++) {
        for (int j = 0; j < one.table()[i].length; j++) {
          Sum sum = sums.computeIfAbsent(names(one, i, j), names -> new Sum());
          sum.sum += one.table()[i][j];
          sum.size += Math.abs(one.table()[i][j]);
          sum.prompts++;
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (names, sum) ->
            rows.add(
                new Row(
                    names.query(),
                    names.key(),
                    sum.sum / each.size(),
                    sum.size / each.size(),
                    sum.prompts)));
    rows.sort(Comparator.comparingDouble(Row::size).reversed());
    return new QkSummary(each, rows);
  }

  private static Names names(QkAttribution one, int i, int j) {
    return new Names(one.byQuery().rows().get(i).name(), one.byKey().rows().get(j).name());
  }

  /** Mean of what the tables sum to. */
  public double total() {
    return each.stream().mapToDouble(QkAttribution::total).average().orElseThrow();
  }

  /** The largest rounding of a prompt. */
  public double residual() {
    return each.stream()
        .mapToDouble(QkAttribution::residual)
        .reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
  }

  /**
   * Share of the variance over the prompts that some pairs account for: {@code 1 - Var(total -
   * pairs) / Var(total)}; NaN if the total does not vary.
   */
  public double explained(List<Row> pairs) {
    Set<Names> chosen = new HashSet<>();
    pairs.forEach(row -> chosen.add(new Names(row.query(), row.key())));
    return explained((one, i, j) -> chosen.contains(names(one, i, j)));
  }

  /** The same of all pairs of which one part at least is of a kind, such as an SAE's error. */
  public double explainedBy(Predicate<Part> kind) {
    return explained(
        (one, i, j) ->
            kind.test(one.byQuery().rows().get(i).part())
                || kind.test(one.byKey().rows().get(j).part()));
  }

  /** Whether an entry of a table counts. */
  private interface Entries {
    boolean include(QkAttribution one, int i, int j);
  }

  private double explained(Entries entries) {
    double[] totals = new double[each.size()];
    double[] left = new double[each.size()];
    for (int p = 0; p < totals.length; p++) {
      QkAttribution one = each.get(p);
      totals[p] = one.total();
      left[p] = totals[p];
      for (int i = 0; i < one.table().length; i++) {
        for (int j = 0; j < one.table()[i].length; j++) {
          left[p] -= entries.include(one, i, j) ? one.table()[i][j] : 0;
        }
      }
    }
    double variance = variance(totals);
    // Rounding apart, all totals are the same.
    double least = 1e-12 * Arrays.stream(totals).map(t -> t * t).average().orElse(0);
    return variance <= least ? Double.NaN : 1 - variance(left) / variance;
  }

  private static double variance(double[] values) {
    return values.length < 2 ? 0 : Variance.of(values).getAsDouble();
  }
}
