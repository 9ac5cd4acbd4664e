package org.zlens.engine.attribute;

import java.util.Arrays;

/**
 * A vector as an SAE sees it, with the activations that edits have set.
 *
 * @param active features that are active, rising
 * @param activations of the active features
 */
record Encoded(int[] active, float[] activations) {
  /**
   * The active features among the activations of many places.
   *
   * @param all {@code [place, d_sae]}, row by row
   */
  static Encoded of(float[] all, int place, int features) {
    int begin = place * features;
    int count = 0;
    for (int i = begin; i < begin + features; i++) {
      count += all[i] == 0 ? 0 : 1;
    }
    int[] active = new int[count];
    float[] values = new float[count];
    int at = 0;
    for (int i = 0; i < features; i++) {
      if (all[begin + i] != 0) {
        active[at] = i;
        values[at++] = all[begin + i];
      }
    }
    return new Encoded(active, values);
  }

  /** Activation of a feature, zero where it is not active. */
  double activation(int feature) {
    int at = Arrays.binarySearch(active, feature);
    return at < 0 ? 0 : activations[at];
  }
}
