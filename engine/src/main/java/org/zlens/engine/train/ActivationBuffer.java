package org.zlens.engine.train;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Shuffled vectors of several sites of a model, all from the same forward passes.
 *
 * <p>Rows are served from the front; once half are served, that half is replaced by new rows and
 * everything is shuffled again. What is served is a copy: the authors' own buffer hands out a view
 * of what the refill then overwrites, so that every 192nd of their batches is not shuffled
 * (paper-spec H 26).
 */
public final class ActivationBuffer implements AutoCloseable {
  private final Transformer model;
  private final List<Location> locations;
  private final TokenRows text;
  private final int rowsAtOnce;
  private final int rows;
  private final Optional<ActivationCache> cache;
  private final SavedRandom random;
  private final Map<Location, Tensor> vectors = new TreeMap<>(ActivationBuffer::compare);
  private int served;
  private boolean filled;

  /**
   * A buffer that is filled when it is first asked.
   *
   * @param rows vectors that it holds of each site, whatever the feed asks for; even
   */
  public ActivationBuffer(Transformer model, List<Location> locations, SaeFeed feed, int rows) {
    this.model = model;
    this.locations = List.copyOf(locations);
    this.text = feed.text();
    this.rowsAtOnce = feed.rowsAtOnce();
    this.cache = feed.cache();
    this.rows = rows - rows % 2;
    this.random = new SavedRandom(feed.seed());
    try (Scope scope = Scope.open()) {
      for (Location location : locations) {
        vectors.put(location, Scope.release(Tensor.zeros(this.rows, width(location))));
      }
    }
  }

  private static int compare(Location a, Location b) {
    return a.canonical().compareTo(b.canonical());
  }

  /** Width of the vectors of a site; heads are joined head-major. */
  public int width(Location location) {
    return location.site().vectorWidth(model.config());
  }

  /** Vectors that it holds of each site. */
  int rows() {
    return rows;
  }

  /** Everything that it holds, in the order of the rows; the buffer keeps it. */
  public Map<Location, Tensor> vectors() {
    fillFirst();
    return Collections.unmodifiableMap(vectors);
  }

  private void fillFirst() {
    if (!filled) {
      fill(0, rows);
      shuffle();
      filled = true;
    }
  }

  /** The next vectors {@code [count, width]} of each site, in the caller's scope. */
  public Map<Location, Tensor> next(int count) {
    if (count > rows) {
      throw new IllegalArgumentException(count + " vectors of a buffer of " + rows);
    }
    fillFirst();
    if (served + count > rows) {
      refill();
    }
    Map<Location, Tensor> batch = new TreeMap<>(ActivationBuffer::compare);
    int from = served;
    vectors.forEach(
        (location, all) -> batch.put(location, all.slice(0, from, from + count).copy()));
    served += count;
    if (served >= rows / 2) {
      refill();
    }
    return batch;
  }

  private void refill() {
    fill(0, served);
    served = 0;
    shuffle();
  }

  private void fill(int from, int to) {
    int at = from;
    while (at < to) {
      try (Scope scope = Scope.open()) {
        Map<Location, Tensor> pass = pass(text.next(rowsAtOnce));
        int count = 0;
        for (Location location : locations) {
          Tensor flat = pass.get(location);
          count = (int) Math.min(flat.size(0), to - at);
          Tensor target = vectors.get(location).slice(0, at, at + count);
          Kernels.run("assign", List.of(target), List.of(flat.slice(0, 0, count)));
        }
        at += count;
      }
    }
  }

  private Map<Location, Tensor> pass(int[][] rows) {
    if (cache.isEmpty()) {
      return forward(rows);
    }
    Map<Location, Integer> widths = new TreeMap<>(ActivationBuffer::compare);
    locations.forEach(location -> widths.put(location, width(location)));
    return cache.get().vectors(rows, widths, () -> forward(rows));
  }

  private Map<Location, Tensor> forward(int[][] rows) {
    Hooks hooks = Hooks.none().capture(locations.toArray(Location[]::new)).withoutLogits();
    Activations run = model.forward(Tensor.ofRows(rows), hooks);
    Map<Location, Tensor> all = new TreeMap<>(ActivationBuffer::compare);
    for (Location location : locations) {
      all.put(location, run.get(location).reshape(-1, width(location)));
    }
    return all;
  }

  private void shuffle() {
    long[] order = new long[rows];
    for (int i = 0; i < rows; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    try (Scope scope = Scope.open()) {
      for (Tensor all : vectors.values()) {
        Kernels.run("assign", List.of(all), List.of(all.indexSelect(0, order)));
      }
    }
  }

  /** What the next vectors depend on, beside the vectors that it holds. */
  State state() {
    return new State(text.place(), served, random.state());
  }

  /** Goes on from a state; the vectors are set by whoever read them. */
  void restore(State state) {
    text.seek(state.place());
    served = state.served();
    random.restore(state.random());
    filled = true;
  }

  /** The numbers of a buffer's state. */
  record State(TextPlace place, int served, long random) {}

  @Override
  public void close() {
    vectors.values().forEach(Tensor::close);
  }
}
