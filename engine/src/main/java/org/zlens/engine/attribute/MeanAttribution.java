package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attributions of several prompts as one, which adds up as each of them does: the mean of the rows
 * is the mean of the totals.
 *
 * @param count number of attributions
 * @param total their mean total
 * @param rows a row for each part and place, in the order in which they first appear
 * @param residual sum of the rows minus the total: rounding
 */
public record MeanAttribution(int count, double total, List<Row> rows, double residual) {
  /**
   * A part over all attributions.
   *
   * @param part what it stands for
   * @param name the address of a head, feature or component; or the part
   * @param index head or feature, -1 if none
   * @param place what the caller calls its position; empty if it has none
   * @param prompts number of attributions that have it
   * @param contribution mean contribution, zero where it is absent
   * @param share contribution over the mean total
   */
  public record Row(
      Part part,
      String name,
      int index,
      String place,
      int prompts,
      double contribution,
      double share) {}

  /** Names the position of a row of one of the attributions. */
  @FunctionalInterface
  public interface Places {
    /** The name, by which rows of different prompts come together. */
    String name(int attribution, int position);
  }

  private record Key(Part part, String name, int index, String place) {}

  /** What is known of a row so far. */
  private static final class Sum {
    private double contribution;
    private int prompts;
    private int last = -1;
  }

  /** Keeps the rows from changing. */
  public MeanAttribution {
    rows = List.copyOf(rows);
  }

  /** The mean of at least one attribution. */
  public static MeanAttribution of(List<Attribution> each, Places places) {
    if (each.isEmpty()) {
      throw new IllegalArgumentException("the mean of no attributions");
    }
    Map<Key, Sum> sums = new LinkedHashMap<>();
    double total = 0;
    for (int i = 0; i < each.size(); i++) {
      total += each.get(i).total() / each.size();
      for (Contribution row : each.get(i).rows()) {
        String place = row.position() < 0 ? "" : places.name(i, row.position());
        Key key = new Key(row.part(), row.name(), row.index(), place);
        Sum sum = sums.computeIfAbsent(key, k -> new Sum());
        sum.contribution += row.contribution();
        // Two positions of one prompt may share a name.
        sum.prompts += sum.last == i ? 0 : 1;
        sum.last = i;
      }
    }
    List<Row> rows = new ArrayList<>();
    double all = 0;
    for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
      Key key = entry.getKey();
      double mean = entry.getValue().contribution / each.size();
      all += mean;
      rows.add(
          new Row(
              key.part(),
              key.name(),
              key.index(),
              key.place(),
              entry.getValue().prompts,
              mean,
              mean / total));
    }
    return new MeanAttribution(each.size(), total, rows, all - total);
  }
}
