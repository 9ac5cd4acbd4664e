package org.zlens.engine.attribute;

import java.util.Arrays;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What each source position brings many attention features, each at destinations of its own, with
 * the pattern held fixed (paper-spec A.5): the destinations are chosen first, and the values of a
 * prompt are projected once a feature on its encoder direction.
 *
 * <p>Tensors of a pass belong to the scope in which it ran.
 */
public final class SourceContributions {
  /** Projected values that are held at once, 16 MB: they are read again and again. */
  private static final int LARGEST = 1 << 22;

  private final Sae sae;
  private final ModelConfig config;
  private final Tensor readers;

  /**
   * Makes an attention SAE's encoder directions ready; they belong to the open scope.
   *
   * @param config of the model
   */
  public SourceContributions(Sae sae, ModelConfig config) {
    if (sae.location().site() != Site.Z) {
      throw new IllegalArgumentException(sae + " has no sources");
    }
    this.sae = sae;
    this.config = config;
    // A copy in which the direction of a feature lies in one piece.
    Tensor rows = sae.wEnc().transpose(0, 1).copy().reshape(sae.features(), sae.width());
    this.readers = sae.takesOutMean() ? Kernels.call("center", rows) : rows;
  }

  /** Bytes that the directions take. */
  public static long bytes(Sae sae) {
    return (long) Float.BYTES * sae.features() * sae.width();
  }

  /** What a pass must keep. */
  public static Hooks capture(Hooks hooks, int layer) {
    return hooks.capture(
        Location.of(Site.Z, layer), Location.of(Site.V, layer), Location.of(Site.PATTERN, layer));
  }

  /** Takes the contributions at one place. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A place and what its sources bring.
     *
     * @param index of the place among those asked for
     * @param contributions the first as many as the destination's number and one count; the array
     *     is used again for the next place
     */
    void visit(int index, float[] contributions);
  }

  /**
   * The contributions at places of one prompt of a pass.
   *
   * @param features of each place, those of a feature beside each other
   * @param destinations of each place
   * @throws org.zlens.engine.ZlensException of kind RUNTIME if edits in force have made of z
   *     something else than attention mixed
   */
  public void of(Activations pass, int row, int[] features, int[] destinations, Visitor visitor) {
    if (features.length == 0) {
      return;
    }
    requireMixed(pass);
    int layer = sae.location().layer();
    try (Scope scope = Scope.open()) {
      Tensor values = pass.get(Site.V, layer).select(0, row);
      float[] pattern = pass.get(Site.PATTERN, layer).select(0, row).floats();
      float[] divisor = divisor(pass, row);
      int positions = Math.toIntExact(values.size(0));
      int most = Math.max(1, LARGEST / (config.heads() * positions));
      int from = 0;
      while (from < features.length) {
        int to = from;
        int[] distinct = new int[Math.min(most, features.length - from)];
        int count = 0;
        while (to < features.length
            && (count > 0 && distinct[count - 1] == features[to] || count < distinct.length)) {
          if (count == 0 || distinct[count - 1] != features[to]) {
            distinct[count++] = features[to];
          }
          to++;
        }
        try (Scope piece = Scope.open()) {
          float[] projected = project(values, Arrays.copyOf(distinct, count));
          Mix mix = new Mix(pattern, projected, count, positions, divisor);
          mix.places(features, destinations, from, to, visitor);
        }
        from = to;
      }
    }
  }

  /** {@code [kv, feature, head of kv, source]}. */
  private float[] project(Tensor values, int[] some) {
    long[] rows = Arrays.stream(some).asLongStream().toArray();
    int groups = config.keyValueHeads();
    int share = config.heads() / groups;
    Tensor reader = readers.indexSelect(0, rows).reshape(some.length, groups, share, -1);
    return Tensor.einsum("sgd,ngkd->gnks", values, reader).floats();
  }

  private float[] divisor(Activations pass, int row) {
    Tensor divisor = sae.divisor(SaeReading.of(sae, pass).came());
    return divisor.rank() == 1 ? divisor.floats() : divisor.select(0, row).reshape(-1).floats();
  }

  private void requireMixed(Activations pass) {
    for (Edit edit : pass.inForce()) {
      if (edit.location().equals(sae.location()) && pass.joint(edit.location()).isEmpty()) {
        throw CleanRun.edited(edit, "z is not what attention mixed");
      }
    }
  }

  /** Values on directions, and the pattern that mixes them. */
  private final class Mix {
    private final float[] pattern;
    private final float[] projected;
    private final int count;
    private final int positions;
    private final float[] divisor;

    Mix(float[] pattern, float[] projected, int count, int positions, float[] divisor) {
      this.pattern = pattern;
      this.projected = projected;
      this.count = count;
      this.positions = positions;
      this.divisor = divisor;
    }

    void places(int[] features, int[] destinations, int from, int to, Visitor visitor) {
      float[] sum = new float[positions];
      int number = -1;
      for (int i = from; i < to; i++) {
        if (i == from || features[i] != features[i - 1]) {
          number++;
        }
        place(number, destinations[i], sum);
        visitor.visit(i, sum);
      }
    }

    private void place(int number, int destination, float[] sum) {
      int share = config.heads() / config.keyValueHeads();
      Arrays.fill(sum, 0, destination + 1, 0);
      for (int head = 0; head < config.heads(); head++) {
        int group = head / share;
        int seen = (head * positions + destination) * positions;
        int value = ((group * count + number) * share + head % share) * positions;
        for (int source = 0; source <= destination; source++) {
          sum[source] += pattern[seen + source] * projected[value + source];
        }
      }
      float by = divisor[divisor.length == 1 ? 0 : destination];
      for (int source = 0; source <= destination && by != 1; source++) {
        sum[source] /= by;
      }
    }
  }
}
