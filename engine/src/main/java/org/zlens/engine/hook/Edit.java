package org.zlens.engine.hook;

import org.zlens.engine.runtime.Tensor;

/**
 * A change to make at a location while a forward pass runs.
 *
 * @param location where
 * @param name what it is, in the words of its author; errors and firings show it
 * @param effect whether the edit must change the values it is given; an edit that must and does not
 *     is an error
 * @param change gives the new values, of the same shape
 * @param claim the places that may change; others that do are an error
 */
public record Edit(Location location, String name, Effect effect, Change change, Claim claim) {
  /** An edit that may change every place. */
  public Edit(Location location, String name, Effect effect, Change change) {
    this(location, name, effect, change, Claim.everywhere(location.site()));
  }

  /** The function of an edit: from the values at a location to the values to go on with. */
  @FunctionalInterface
  public interface Change {
    /** New values, of the same shape; the argument itself must not be written to. */
    Tensor apply(Tensor values);
  }

  /** What an edit owes. */
  public enum Effect {
    /** The values must differ afterwards. */
    MUST_CHANGE,
    /** The values may stay as they are, for example when a patch copies equal values. */
    MAY_CHANGE
  }
}
