package org.zlens.engine.attribute;

import java.util.List;

/**
 * A number in a tree of attributions, and what it is the sum of.
 *
 * <p>Features of any SAE or transcoder and the root have a number of their own: the pre-activation,
 * the logit. What they add to the number above is their row: activation times what their direction
 * does there. All else <em>passes on</em> ({@link #passesOn}): a source position, a head, an MLP
 * made linear or the skip of a transcoder is seen only as the number above reads it, so its total
 * is its row's contribution, and its parts are parts of the number above.
 *
 * <p>An edge therefore goes from a row, of whatever kind, to the nearest number above that does not
 * pass on, and is worth the row's contribution; parts of features and of the root alone have edges
 * into them. Rows of biases, errors, constants, embeddings and all that was not followed are
 * leaves.
 *
 * @param row its row in the split above; the root's has its own number and the share 1
 * @param level 1 for the root; sources and residual features stand on the level of what reads them
 * @param total what the rows of each split sum to
 * @param splits ways to see it as a sum, each of which is complete; none for a leaf
 * @param reasons of a source, why the heads of the layer looked there
 * @param measured of a part of an MLP made linear, what the number above loses when this part alone
 *     is taken out before the real MLP, to hold against the row's contribution; else NaN
 */
public record Explained(
    Contribution row,
    int level,
    double total,
    List<Split> splits,
    List<QkReason> reasons,
    double measured) {

  /** In which parts a number is seen. */
  public enum Way {
    /** Source positions, the pattern held fixed. */
    SOURCES,
    /** What attentions and MLPs wrote to the stream, and the embeddings. */
    OUTPUTS,
    /** The features of the residual SAE, and what was written since. */
    RESIDUAL
  }

  /**
   * A number as a sum.
   *
   * @param parts all rows, with what rounding leaves between their sum and the total
   * @param followed the rows that are numbers with parts of their own, in the order of the rows'
   *     size
   */
  public record Split(Way way, Attribution parts, List<Explained> followed) {
    /** Keeps the list from changing. */
    public Split {
      followed = List.copyOf(followed);
    }
  }

  /** Keeps the lists from changing. */
  public Explained {
    splits = List.copyOf(splits);
    reasons = List.copyOf(reasons);
  }

  static Explained of(Contribution row, int level, double total, List<Split> splits) {
    return new Explained(row, level, total, splits, List.of(), Double.NaN);
  }

  Explained because(List<QkReason> why) {
    return new Explained(row, level, total, splits, why, measured);
  }

  Explained measured(double really) {
    return new Explained(row, level, total, splits, reasons, really);
  }

  /** Whether it was not split. */
  public boolean isLeaf() {
    return splits.isEmpty();
  }

  /** Whether it is only what the number above reads there, and its parts are parts of that. */
  public boolean passesOn() {
    return switch (row.part()) {
      case SOURCE, MLP_OUT, TRANSCODER_SKIP -> true;
      // The root is a number of its own, whatever it is.
      case HEAD -> level > 1;
      default -> false;
    };
  }
}
