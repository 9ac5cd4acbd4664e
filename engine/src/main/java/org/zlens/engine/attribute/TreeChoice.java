package org.zlens.engine.attribute;

import java.util.List;

/** Says which rows of a split a tree goes on with. */
@FunctionalInterface
interface TreeChoice {
  /**
   * The rows that are followed, largest first.
   *
   * @param at what is split
   * @param split all of its rows
   * @param reference what their shares are parts of
   */
  List<Contribution> of(TreeTrail at, Explained.Way way, Attribution split, double reference);
}
