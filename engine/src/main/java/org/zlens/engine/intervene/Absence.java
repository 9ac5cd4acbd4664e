package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What stands for the absence of nodes: zeros, or the means of activations and errors over the
 * prompts, place by place.
 *
 * @param features {@code [place, d_sae]} row by row; null for zeros
 * @param errors {@code [place, d_in]} row by row; null for zeros
 */
public record Absence(float[] features, float[] errors) {
  /** Zeros. */
  public static final Absence ZERO = new Absence(null, null);

  /** Values that are encoded at once. */
  private static final int AT_ONCE = 1 << 22;

  /** Whether everything that is absent is zero. */
  public boolean isZero() {
    return features == null;
  }

  /** Means over the clean run of some prompts, one for each SAE. */
  public static List<Absence> means(
      Transformer model, List<Sae> saes, Batch batch, Alignment alignment) {
    List<Absence> found = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Location[] sites = saes.stream().map(Sae::location).distinct().toArray(Location[]::new);
      Activations clean =
          model.forward(batch.tokens(), Hooks.none().capture(sites).withoutLogits());
      for (Sae sae : saes) {
        found.add(of(sae, clean.get(sae.location()), batch, alignment));
      }
    }
    return found;
  }

  private static Absence of(Sae sae, Tensor values, Batch batch, Alignment alignment) {
    int places = alignment.names().size();
    double[] features = new double[places * sae.features()];
    double[] errors = new double[places * sae.width()];
    int[] counts = new int[places];
    AlignedCells all = AlignedCells.of(batch, alignment);
    int step = Math.max(1, AT_ONCE / sae.features());
    for (int from = 0; from < all.size(); from += step) {
      try (Scope scope = Scope.open()) {
        AlignedCells some = all.slice(from, Math.min(all.size(), from + step));
        Tensor own = some.cells().take(values);
        add(features, sae.encode(own).floats(), some.place());
        add(errors, sae.flatten(sae.error(own)).floats(), some.place());
        for (int place : some.place()) {
          counts[place]++;
        }
      }
    }
    return new Absence(means(features, counts), means(errors, counts));
  }

  private static void add(double[] sums, float[] values, int[] place) {
    int width = place.length == 0 ? 0 : values.length / place.length;
    for (int cell = 0; cell < place.length; cell++) {
      for (int i = 0; i < width; i++) {
        sums[place[cell] * width + i] += values[cell * width + i];
      }
    }
  }

  private static float[] means(double[] sums, int[] counts) {
    float[] means = new float[sums.length];
    int width = sums.length / counts.length;
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / Math.max(1, counts[i / width]));
    }
    return means;
  }

  /**
   * Activations at listed places, {@code [cell, d_sae]}; of the shape of those that they replace.
   */
  public Tensor features(Tensor clean, int[] place) {
    return rows(features, clean, place);
  }

  /** Errors at listed places, {@code [cell, d_in]}. */
  public Tensor errors(Tensor clean, int[] place) {
    return rows(errors, clean, place);
  }

  private static Tensor rows(float[] table, Tensor clean, int[] place) {
    if (table == null) {
      return Tensor.zeros(clean.shape());
    }
    int width = Math.toIntExact(clean.size(-1));
    float[] rows = new float[place.length * width];
    for (int cell = 0; cell < place.length; cell++) {
      System.arraycopy(table, place[cell] * width, rows, cell * width, width);
    }
    return Tensor.of(rows, place.length, width);
  }

  /** As text that tells two apart. */
  @Override
  public String toString() {
    return isZero() ? "zero" : "means " + Arrays.hashCode(features) + Arrays.hashCode(errors);
  }

  /** Records compare arrays by identity; these are compared by what they hold. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Absence absence
        && Arrays.equals(features, absence.features)
        && Arrays.equals(errors, absence.errors);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(features) * 31 + Arrays.hashCode(errors);
  }
}
