package org.zlens.engine.sae;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The features of an SAE that are active at some places, the strongest first. */
public final class ActiveFeatures {
  private static final int SUGGESTED = 3;

  private ActiveFeatures() {}

  /**
   * A feature that is active somewhere.
   *
   * @param active number of places where it is
   * @param mean mean activation over all places, zeros included
   * @param max largest activation
   */
  public record Activity(int feature, int active, double mean, double max) {}

  /**
   * Features that are active for at least one of the vectors {@code [.., d_in]}, by falling mean
   * activation, then by index.
   */
  public static List<Activity> of(Sae sae, Tensor vectors) {
    try (Scope scope = Scope.open()) {
      return of(sae.encode(vectors).reshape(-1, sae.features()));
    }
  }

  /**
   * Features with an activation among some {@code [place, d_sae]}, by falling mean activation, then
   * by index.
   */
  public static List<Activity> of(Tensor acts) {
    try (Scope scope = Scope.open()) {
      int places = Math.toIntExact(acts.size(0));
      float[] counts = acts.gt(0).toFloats().sum(0L).floats();
      float[] sums = acts.sum(0L).floats();
      float[] largest = acts.topK(1, 0).values().reshape(-1).floats();
      List<Activity> found = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          found.add(new Activity(i, (int) counts[i], sums[i] / places, largest[i]));
        }
      }
      found.sort(
          Comparator.comparingDouble(Activity::mean)
              .reversed()
              .thenComparingInt(Activity::feature));
      return found;
    }
  }

  /** That a feature is not active at the vectors, as an exception that names those that are. */
  public static ZlensException inactive(Sae sae, int feature, Tensor vectors) {
    String most =
        of(sae, vectors).stream()
            .sorted(Comparator.comparingDouble(Activity::max).reversed())
            .limit(SUGGESTED)
            .map(a -> String.format(Locale.ROOT, "%s (%.3g)", sae.address(a.feature()), a.max()))
            .collect(Collectors.joining(", "));
    return new ZlensException(
        Kind.RUNTIME,
        sae.address(feature) + " is not active at any of the positions",
        most.isEmpty()
            ? "no feature of " + sae + " is active there"
            : "most active there: " + most);
  }
}
