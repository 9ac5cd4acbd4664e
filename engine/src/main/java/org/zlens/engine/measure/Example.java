package org.zlens.engine.measure;

/**
 * A place at which a feature is active, in its text.
 *
 * @param ids the tokens around it
 * @param activations of the feature at them
 * @param at which of them is the place
 */
public record Example(int[] ids, float[] activations, int at) {
  /** The activation at the place. */
  public float activation() {
    return activations[at];
  }
}
