package org.zlens.engine.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A clean run of the prompts of a chunk: what passes beside it need, and what the metric reads of
 * it. Its tensors belong to the scope that was open when it was made.
 */
final class CleanPass {
  private final Batch chunk;
  private final Metric metric;
  private final Transformer model;
  private final Activations activations;
  private final Map<Long, Integer> places = new HashMap<>();
  private final Tensor stream;
  private final Tensor reading;
  private final double[] score;

  CleanPass(Transformer model, Batch chunk, Metric metric, Collection<Location> kept) {
    this.chunk = chunk;
    this.metric = metric;
    this.model = model;
    Location end = Location.of(Site.FINAL_NORMALIZED);
    Set<Location> captured = new LinkedHashSet<>(kept);
    try (Scope scope = Scope.open()) {
      Hooks hooks =
          Hooks.none().capture(captured.toArray(Location[]::new)).capture(end).withoutLogits();
      activations = model.forward(chunk.tokens(), hooks);
      stream = scope.keep(read(activations.get(end)));
      reading = scope.keep(metric.read(chunk, predictions()));
      score = metric.score(reading, reading);
      captured.forEach(at -> scope.keep(activations.get(at)));
      activations.keepJointIn(scope);
    }
  }

  /** The places that the metric reads, each once: {@code [cell, d_model]}. */
  private Tensor read(Tensor normalized) {
    Cells cells = metric.reads(chunk).cells();
    long[] rows = new long[cells.size()];
    long[] positions = new long[cells.size()];
    for (int i = 0; i < cells.size(); i++) {
      if (places.putIfAbsent(place(cells.row()[i], cells.position()[i]), places.size()) == null) {
        rows[places.size() - 1] = cells.row()[i];
        positions[places.size() - 1] = cells.position()[i];
      }
    }
    return new Cells(rows, positions).slice(0, places.size()).take(normalized);
  }

  private long place(long row, long position) {
    return row * chunk.positions() + position;
  }

  private StreamPredictions predictions() {
    return new StreamPredictions(
        model,
        cells -> {
          long[] index = new long[cells.size()];
          for (int i = 0; i < index.length; i++) {
            index[i] = at((int) cells.row()[i], (int) cells.position()[i]);
          }
          return stream.indexSelect(0, index);
        });
  }

  Batch chunk() {
    return chunk;
  }

  Activations activations() {
    return activations;
  }

  /** What the unembedding reads at the places of the metric, {@code [cell, d_model]}. */
  Tensor stream() {
    return stream;
  }

  /** The number of a place that the metric reads. */
  int at(int row, int position) {
    Integer number = places.get(place(row, position));
    if (number == null) {
      throw new IllegalArgumentException(
          "'" + metric.name() + "' did not say that it reads position " + position);
    }
    return number;
  }

  /** The metric of each prompt of the chunk. */
  double[] score() {
    return score;
  }

  /** The clean reading of some prompts of the chunk, each as often as it is named. */
  Tensor reading(long[] rows) {
    return reading.indexSelect(0, rows);
  }
}
