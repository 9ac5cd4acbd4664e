package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * A vector as an SAE sees it, with the activations that edits have set.
 *
 * @param active features that are active, rising
 * @param activations of the active features
 * @param factor what a unit of activation adds, over its decoder direction
 * @param bias what the reconstruction holds beside the features, {@code [d_in]}
 * @param error what the reconstruction misses, {@code [d_in]}
 */
record Encoded(int[] active, float[] activations, double factor, float[] bias, float[] error) {
  /**
   * Encodes the vector at a place of a pass.
   *
   * @param vector what the encoder reads there, {@code [d_in]}
   */
  static Encoded of(Sae sae, Tensor vector, SaeReading reading, int row, int position) {
    float[] acts = reading.activations(row, position);
    int[] active = IntStream.range(0, acts.length).filter(i -> acts[i] != 0).toArray();
    float[] values = new float[active.length];
    for (int i = 0; i < active.length; i++) {
      values[i] = acts[active[i]];
    }
    return new Encoded(
        active,
        values,
        sae.scale(vector).item(),
        sae.bias(vector).floats(),
        reading.leavesOutError(row, position)
            ? new float[sae.width()]
            : sae.error(vector).floats());
  }

  /** Activation of a feature, zero where it is not active. */
  double activation(int feature) {
    int at = Arrays.binarySearch(active, feature);
    return at < 0 ? 0 : activations[at];
  }
}
