package org.zlens.engine.hook;

import java.util.List;
import org.zlens.engine.runtime.Tensor;

/**
 * Edits in force on a model: every pass makes them before those of its own hooks. A pass that ends
 * before it reaches one owes nothing; whoever put them in force is told what ran.
 */
public interface InForce {
  /** No edits. */
  InForce NOTHING = tokens -> List.of();

  /**
   * The edits for a pass, in the order in which they act where they meet.
   *
   * @param tokens int64 {@code [batch, pos]}, as they were given to the pass
   * @throws org.zlens.engine.ZlensException if they were not made for these tokens
   */
  List<Edit> edits(Tensor tokens);

  /** Hears which of them ran in a pass and how much each changed. */
  default void ran(List<Firing> firings) {}
}
