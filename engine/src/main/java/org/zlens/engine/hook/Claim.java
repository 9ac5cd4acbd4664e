package org.zlens.engine.hook;

import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * The places at which an edit says that it may change values: row {@code row[i]}, position {@code
 * position[i]} of what runs.
 *
 * @param whole whether it is every place; then none is listed
 * @param byQuery whether positions are queries of values {@code [batch, head, query, key]}
 */
public record Claim(boolean whole, long[] row, long[] position, boolean byQuery) {
  /** Every place of a site. */
  public static Claim everywhere(Site site) {
    return new Claim(true, new long[0], new long[0], isByQuery(site));
  }

  /** Some places of a site, each listed once. */
  public static Claim at(Site site, long[] row, long[] position) {
    return new Claim(false, row, position, isByQuery(site));
  }

  private static boolean isByQuery(Site site) {
    return site == Site.PATTERN || site == Site.ATTN_SCORES;
  }

  /** How many places there are. */
  int size(Tensor values) {
    return size(values.size(0), values.size(byQuery ? 2 : 1));
  }

  /** How many places there are in so many rows of so many positions. */
  public int size(long rows, long positions) {
    return Math.toIntExact(whole ? rows * positions : row.length);
  }

  /**
   * What came of the values.
   *
   * @param slack differences up to this share of the largest number of a vector are none
   */
  Change change(Tensor before, Tensor after, double slack) {
    double[] found =
        Kernels.call(
                "edit_change",
                before,
                after,
                Tensor.of(row, row.length),
                Tensor.of(position, position.length),
                whole,
                byQuery,
                slack)
            .doubles();
    return new Change(found[0], (long) found[1], (int) found[2], (int) found[3]);
  }

  /**
   * What an edit did.
   *
   * @param distance Euclidean norm of the difference
   * @param lost numbers that were finite and are not any more
   * @param inside claimed places that differ
   * @param outside other places that differ
   */
  record Change(double distance, long lost, int inside, int outside) {
    static final Change NONE = new Change(0, 0, 0, 0);
  }
}
