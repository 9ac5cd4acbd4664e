package org.zlens.engine.attribute;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * A number as a sum of parts.
 *
 * @param what the number, for messages, for example {@code L5.F44256 at 12}
 * @param total the number that the rows explain, from the pass itself and not from the rows
 * @param rows all parts, biases, errors and constants among them
 * @param residual sum of the rows minus the total: rounding
 */
public record Attribution(String what, double total, List<Contribution> rows, double residual) {
  /** Rounding that counts as such, as a part of the size of what is summed. */
  static final double TOLERANCE = 2e-5;

  /** Keeps the rows from changing. */
  public Attribution {
    rows = List.copyOf(rows);
  }

  /**
   * Checks that the rows add up.
   *
   * @param scale size of the products that the rows come from, where rows cancel inside themselves
   * @throws ZlensException of kind BUG if they do not
   */
  static Attribution of(String what, double total, List<Contribution> rows, double scale) {
    double sum = 0;
    double size = Math.max(Math.abs(total), scale);
    double absolute = 0;
    for (Contribution row : rows) {
      sum += row.contribution();
      absolute += Math.abs(row.contribution());
    }
    double residual = sum - total;
    double allowed = TOLERANCE * Math.max(size, absolute);
    if (!(Math.abs(residual) <= allowed)) {
      throw new ZlensException(
          Kind.BUG,
          String.format(
              Locale.ROOT,
              "the parts of %s sum to %.6g, but it is %.6g: off by %.3g where %.3g is rounding",
              what,
              sum,
              total,
              residual,
              allowed),
          null);
    }
    return new Attribution(what, total, rows, residual);
  }

  /** Sum of the rows. */
  public double sum() {
    return total + residual;
  }

  /** Contributions of the rows of one part, in their order. */
  public double[] values(Part part) {
    return rows.stream()
        .filter(row -> row.part() == part)
        .mapToDouble(Contribution::contribution)
        .toArray();
  }

  /** Rows with the largest contributions, falling; rows of equal contribution keep their order. */
  public List<Contribution> top(int count, Predicate<Contribution> among) {
    return rows.stream()
        .filter(among)
        .sorted(Comparator.comparingDouble(Contribution::contribution).reversed())
        .limit(count)
        .toList();
  }
}
