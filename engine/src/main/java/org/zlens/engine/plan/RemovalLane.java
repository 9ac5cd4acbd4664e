package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Rerun;

/**
 * Removals that are made and looked at together, a row for each: all at one location, so that
 * nothing is looked at where something is removed, as far and as wide as each other.
 *
 * @param location where they are made
 * @param rerun what is run again for them; its rows are the removals in their order
 * @param removals their numbers
 */
record RemovalLane(Location location, Rerun rerun, List<Integer> removals) {
  /**
   * Whether nothing that is looked at comes after a step that it takes.
   *
   * @param layers of the model
   */
  boolean endsWith(RemovalStep step, int layers) {
    if (step instanceof RemovalStep.Begin) {
      return rerun.start().layer() == last() && last() < layers;
    }
    return step instanceof RemovalStep.Norm || ((RemovalStep.Block) step).layer() == last();
  }

  /** The block after which nothing runs for it; the number of blocks if the final norm does. */
  int last() {
    return rerun.last();
  }

  int width() {
    return rerun.reached().width();
  }
}
