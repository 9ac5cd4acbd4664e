package org.zlens.engine.hook;

import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What a forward pass meets on its way: at each site the values to go on with. */
public sealed interface HookPoints permits HookRun, HookLanes {
  /** Whether a location of a block is kept or changed. */
  boolean observes(Site site, int layer);

  /** Whether a location of a block is changed. */
  boolean edits(Site site, int layer);

  /** Whether a location outside the blocks is changed. */
  boolean edits(Site site);

  /** The values of a site in a block to go on with. */
  Tensor at(Site site, int layer, Tensor values);

  /** The values of a site outside the blocks to go on with. */
  Tensor at(Site site, Tensor values);

  /**
   * Has what was kept of a part of the pass outlive the innermost scope, which that part opened.
   */
  void keepIn(Scope scope);
}
