package org.zlens.engine.hook;

import java.util.Optional;
import org.zlens.engine.runtime.Tensor;

/**
 * A change that acts as one with others of its kind which follow it at a location: all of them read
 * the values as they came to the first, so that making them one after the other or all at once is
 * the same.
 */
public interface JointChange extends Edit.Change {
  /** This change and a later one as one; empty if they have nothing in common. */
  Optional<JointChange> and(Edit.Change later);

  /**
   * What changes of this kind left at a location.
   *
   * @param came the values as they came to the first of them
   * @param change all of them as one
   */
  record Left(Tensor came, JointChange change) {}
}
