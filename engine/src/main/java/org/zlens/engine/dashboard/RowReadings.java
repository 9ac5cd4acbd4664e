package org.zlens.engine.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.zlens.engine.attribute.SourceContributions;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The whole rows of kept places, which pages do not show: activations and contributions at all of
 * their positions. The model runs again on these rows alone.
 */
final class RowReadings {
  private static final int ROWS_AT_ONCE = 16;

  private final Transformer model;
  private final Sae sae;
  private final Optional<SourceContributions> sources;
  private final Map<Place, Reading> readings = new HashMap<>();

  /** A place of a feature. */
  private record Place(int feature, long row, int position) {}

  /**
   * A row as one of its places sees it.
   *
   * @param activations of the feature at all positions
   * @param contributions of all positions up to the place; empty of a feature without sources
   */
  record Reading(float[] activations, float[] contributions) {}

  /** Nothing read yet; what is made ready belongs to the open scope. */
  RowReadings(Transformer model, Sae sae) {
    this.model = model;
    this.sae = sae;
    this.sources =
        sae.location().site() == Site.Z
            ? Optional.of(new SourceContributions(sae, model.config()))
            : Optional.empty();
  }

  /** Reads the rows of the places of some features, and forgets what was read before. */
  void read(RowTexts texts, Map<Integer, List<KeptExample>> examples) {
    readings.clear();
    TreeSet<Long> rows = new TreeSet<>();
    examples.values().forEach(some -> some.forEach(one -> rows.add(one.row())));
    List<Long> order = List.copyOf(rows);
    for (int from = 0; from < order.size(); from += ROWS_AT_ONCE) {
      List<Long> some = order.subList(from, Math.min(order.size(), from + ROWS_AT_ONCE));
      try (Scope scope = Scope.open()) {
        read(texts, examples, some);
      }
    }
  }

  private void read(RowTexts texts, Map<Integer, List<KeptExample>> examples, List<Long> rows) {
    int[][] ids = rows.stream().map(texts::row).toArray(int[][]::new);
    int[] lengths = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
    int positions = Arrays.stream(lengths).max().orElse(0);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Arrays.copyOf(ids[i], positions);
    }
    Batch batch = new Batch(Tensor.ofRows(ids), lengths);
    Hooks hooks = Hooks.none().withoutLogits();
    Activations pass =
        model.forward(
            batch.tokens(),
            sources.isPresent()
                ? SourceContributions.capture(hooks, sae.location().layer())
                : hooks.capture(sae.location()));
    int[] features = examples.keySet().stream().mapToInt(i -> i).toArray();
    float[] acts = sae.encode(SaeReading.of(sae, pass).came(), features).floats();
    for (int row = 0; row < rows.size(); row++) {
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < features.length; i++) {
        float[] own = new float[lengths[row]];
        for (int at = 0; at < own.length; at++) {
          own[at] = acts[(row * positions + at) * features.length + i];
        }
        for (KeptExample one : examples.get(features[i])) {
          if (one.row() == rows.get(row)) {
            Place place = new Place(features[i], one.row(), one.position());
            if (readings.put(place, new Reading(own, new float[0])) == null) {
              places.add(place);
            }
          }
        }
      }
      int number = row;
      sources.ifPresent(some -> attribute(some, pass, number, places));
    }
  }

  private void attribute(SourceContributions some, Activations pass, int row, List<Place> places) {
    some.of(
        pass,
        row,
        places.stream().mapToInt(Place::feature).toArray(),
        places.stream().mapToInt(Place::position).toArray(),
        (index, values) ->
            readings.computeIfPresent(
                places.get(index),
                (place, reading) ->
                    new Reading(
                        reading.activations(), Arrays.copyOf(values, place.position() + 1))));
  }

  /** The row of a place. */
  Reading of(int feature, KeptExample example) {
    return readings.get(new Place(feature, example.row(), example.position()));
  }
}
