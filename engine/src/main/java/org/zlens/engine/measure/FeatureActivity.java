package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/**
 * Where a feature is active among some places of some prompts, and how much.
 *
 * @param feature index in its SAE
 * @param prompts the prompts with a place where it is active
 * @param places number of places where it is active
 * @param mean mean activation over all places, zeros included
 * @param max largest activation
 * @param row prompt of the largest activation
 * @param position its position there
 */
public record FeatureActivity(
    int feature, BitSet prompts, int places, double mean, double max, int row, int position) {
  /** Activations that are looked at together. */
  public static final int LARGEST = 1 << 24;

  /** A feature that is active at one place. */
  public record Firing(int row, int position, int feature, double activation) {}

  /**
   * The features of an SAE that are active at one of the places at least, by falling mean, then by
   * index.
   *
   * @throws org.zlens.engine.ZlensException if a place lies outside its prompt
   */
  public static List<FeatureActivity> of(Transformer model, Sae sae, Batch batch, Where where) {
    Map<Integer, Sum> sums = new HashMap<>();
    int places = visit(model, sae, batch, where, f -> add(sums, f));
    List<FeatureActivity> found = new ArrayList<>();
    sums.values().forEach(sum -> found.add(sum.over(places)));
    found.sort(
        Comparator.comparingDouble(FeatureActivity::mean)
            .reversed()
            .thenComparingInt(FeatureActivity::feature));
    return found;
  }

  /** Every activation above zero, prompt by prompt and place by place, the strongest first. */
  public static List<Firing> firings(Transformer model, Sae sae, Batch batch, Where where) {
    List<Firing> found = new ArrayList<>();
    visit(model, sae, batch, where, found::add);
    found.sort(
        Comparator.comparingInt(Firing::row)
            .thenComparingInt(Firing::position)
            .thenComparing(Comparator.comparingDouble(Firing::activation).reversed())
            .thenComparingInt(Firing::feature));
    return found;
  }

  private static void add(Map<Integer, Sum> sums, Firing firing) {
    sums.computeIfAbsent(firing.feature(), Sum::new).add(firing);
  }

  /** Hears of every firing; the number of places is given back. */
  private static int visit(
      Transformer model, Sae sae, Batch batch, Where where, Consumer<Firing> firings) {
    try (Scope scope = Scope.open()) {
      Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
      SaeReading reading = SaeReading.of(sae, model.forward(batch.tokens(), hooks));
      Cells cells = where.in(batch).listed(batch);
      // In pieces, since a wide SAE's activations at many places would not fit into memory.
      int step = Math.max(1, LARGEST / sae.features());
      for (int from = 0; from < cells.size(); from += step) {
        try (Scope piece = Scope.open()) {
          Cells some = cells.slice(from, Math.min(cells.size(), from + step));
          float[] acts = reading.activations(some);
          for (int i = 0; i < acts.length; i++) {
            if (acts[i] > 0) {
              int cell = i / sae.features();
              firings.accept(
                  new Firing(
                      (int) some.row()[cell],
                      (int) some.position()[cell],
                      i % sae.features(),
                      acts[i]));
            }
          }
        }
      }
      return cells.size();
    }
  }

  /** What is known of a feature so far. */
  private static final class Sum {
    private final int feature;
    private final BitSet prompts = new BitSet();
    private int places;
    private double sum;
    private Firing strongest;

    private Sum(int feature) {
      this.feature = feature;
    }

    private void add(Firing firing) {
      prompts.set(firing.row());
      places++;
      sum += firing.activation();
      if (strongest == null || firing.activation() > strongest.activation()) {
        strongest = firing;
      }
    }

    private FeatureActivity over(int all) {
      return new FeatureActivity(
          feature,
          prompts,
          places,
          sum / all,
          strongest.activation(),
          strongest.row(),
          strongest.position());
    }
  }
}
