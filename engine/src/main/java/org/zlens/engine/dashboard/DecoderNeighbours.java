package org.zlens.engine.dashboard;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Features whose decoder directions point the same way as those of others, by their cosine. */
public final class DecoderNeighbours {
  /** Cosines that are held at once. */
  private static final int LARGEST = 1 << 24;

  private final Sae sae;
  private final Tensor directions;

  /** Makes the directions of an SAE ready; they belong to the open scope. */
  public DecoderNeighbours(Sae sae) {
    this.sae = sae;
    Tensor all = sae.wDec();
    // The addition keeps a direction of zeros from dividing by zero.
    this.directions = all.div(all.norm(-1).add(1e-30).unsqueeze(-1));
  }

  /** How many features are best asked for at once. */
  public static int atOnce(Sae sae) {
    return Math.max(1, LARGEST / sae.features());
  }

  /** The nearest others of each of some features. */
  public Related[] of(int count, int... features) {
    Related[] found = new Related[features.length];
    try (Scope scope = Scope.open()) {
      long[] rows = Arrays.stream(features).asLongStream().toArray();
      Tensor own = directions.indexSelect(0, rows);
      Kernels.call("rows_times", own, directions.transpose(0, 1))
          .read(
              bytes -> {
                FloatBuffer all = bytes.asFloatBuffer();
                float[] cosines = new float[sae.features()];
                for (int i = 0; i < features.length; i++) {
                  all.get(cosines);
                  found[i] = nearest(cosines, features[i], count);
                }
              });
    }
    return found;
  }

  private static Related nearest(float[] cosines, int own, int count) {
    Related.Best best = new Related.Best(count);
    float least = Float.NEGATIVE_INFINITY;
    for (int other = 0; other < cosines.length; other++) {
      if (cosines[other] > least && other != own) {
        best.offer(other, cosines[other]);
        least = best.least();
      }
    }
    return best.related();
  }
}
