package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Window;

/** A part of a pass that lanes of removals take side by side. */
sealed interface RemovalStep {
  /** Numbers of the lanes in their wave; their rows lie one after the other. */
  List<Integer> lanes();

  /**
   * The block in which lanes begin, as their removals ask.
   *
   * @param rerun of the rows of all lanes, which ends with the first lane's
   */
  record Begin(List<Integer> lanes, Rerun rerun) implements RemovalStep {}

  /** A block of lanes that began before it. */
  record Block(List<Integer> lanes, int layer, Window window, Rerun.Stop stop)
      implements RemovalStep {}

  /** The norm after the last block. */
  record Norm(List<Integer> lanes, Window window) implements RemovalStep {}
}
