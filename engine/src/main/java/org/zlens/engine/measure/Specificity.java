package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * How well a feature and a proxy for it agree (paper-spec D-Fig2, D-Sens).
 *
 * <p>Specificity is the share of the places at which the feature is active that have the proxy;
 * sensitivity the share of the places with the proxy at which it is active. A false negative is a
 * place with the proxy at which the activation is exactly zero. What is held are sums and the
 * activations above zero, so that the parts of a text add up to the whole.
 */
public final class Specificity {
  /** Activations that are held; a feature that is active at more places is none to look at. */
  private static final int MOST = 1 << 26;

  private final int examples;
  private long tokens;
  private long holds;
  private long rows;
  private final Activations proxy = new Activations();
  private final Activations other = new Activations();
  private List<Place> misses = List.of();
  private List<Place> exceptions = List.of();

  /**
   * A place in a text.
   *
   * @param row number of its row in the text
   * @param position its position there
   * @param activation of the feature
   * @param ids the tokens of the row
   */
  public record Place(long row, int position, double activation, int[] ids) {}

  /**
   * Nothing measured yet.
   *
   * @param examples places to keep of each kind: the first false negatives, and the strongest
   *     activations without the proxy
   */
  public Specificity(int examples) {
    this.examples = examples;
  }

  /** Measures a feature on a text. */
  public static Specificity of(
      Transformer model,
      Sae sae,
      int feature,
      Proxy proxy,
      TextBatches text,
      int examples,
      Progress progress) {
    sae.requireFeature(feature);
    Specificity all = new Specificity(examples);
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    Iterator<Batch> batches = text.batches();
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(text.count(), done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return all;
        }
        Batch batch = batches.next();
        Tensor values = model.forward(batch.tokens(), hooks).get(sae.location());
        all.add(batch, sae.encode(values, feature).floats(), proxy);
      }
    }
  }

  /** Adds the rows of a batch, with the activations {@code [batch, pos]} of the feature. */
  private void add(Batch batch, float[] activations, Proxy property) {
    long[] ids = batch.tokens().longs();
    int positions = batch.positions();
    for (int row = 0; row < batch.rows(); row++) {
      int start = row * positions;
      int[] own =
          Arrays.stream(ids, start, start + batch.lengths()[row])
              .mapToInt(Math::toIntExact)
              .toArray();
      for (int position = 0; position < own.length; position++) {
        add(rows, own, position, activations[start + position], property);
      }
      rows++;
    }
  }

  /** Adds one place. */
  void add(long row, int[] ids, int position, float activation, Proxy property) {
    tokens++;
    boolean has = property.holds(row, ids, position);
    holds += has ? 1 : 0;
    Place place = new Place(row, position, activation, ids);
    if (activation > 0) {
      (has ? proxy : other).add(activation);
      if (!has) {
        exceptions = strongest(Stream.concat(exceptions.stream(), Stream.of(place)));
      }
    } else if (has && misses.size() < examples) {
      misses = Stream.concat(misses.stream(), Stream.of(place)).toList();
    }
  }

  private List<Place> strongest(Stream<Place> places) {
    return places
        .sorted(Comparator.comparingDouble(Place::activation).reversed())
        .limit(examples)
        .toList();
  }

  /** What two parts of a text say together, the other's rows after these; neither is changed. */
  public Specificity plus(Specificity next) {
    Specificity all = new Specificity(Math.max(examples, next.examples));
    all.tokens = tokens + next.tokens;
    all.holds = holds + next.holds;
    all.rows = rows + next.rows;
    for (Specificity part : List.of(this, next)) {
      all.proxy.addAll(part.proxy);
      all.other.addAll(part.other);
    }
    List<Place> moved = next.misses.stream().map(this::moved).toList();
    all.misses = Stream.concat(misses.stream(), moved.stream()).limit(all.examples).toList();
    all.exceptions =
        all.strongest(
            Stream.concat(exceptions.stream(), next.exceptions.stream().map(this::moved)));
    return all;
  }

  private Place moved(Place place) {
    return new Place(place.row() + rows, place.position(), place.activation(), place.ids());
  }

  /** Places that were looked at. */
  public long tokens() {
    return tokens;
  }

  /** Places with the proxy. */
  public long holds() {
    return holds;
  }

  /** Places at which the feature is active. */
  public long active() {
    return both() + other.size;
  }

  /** Places at which the feature is active and that have the proxy. */
  public long both() {
    return proxy.size;
  }

  /** Places with the proxy at which the activation is zero. */
  public long falseNegatives() {
    return holds - both();
  }

  /** The largest activation; 0 if it was never active. */
  public double largest() {
    return Math.max(proxy.largest(), other.largest());
  }

  /** The first false negatives, in the order of the text. */
  public List<Place> misses() {
    return misses;
  }

  /** The strongest activations without the proxy, falling. */
  public List<Place> exceptions() {
    return exceptions;
  }

  /**
   * Bands of equal width from the smallest activation above zero to the largest; none if the
   * feature was never active.
   */
  public List<Band> bands(int count) {
    if (active() == 0) {
      return List.of();
    }
    double least = Math.min(proxy.least(), other.least());
    double most = largest();
    int[] inside = proxy.counts(least, most, count);
    int[] outside = other.counts(least, most, count);
    List<Band> bands = new ArrayList<>();
    double width = (most - least) / count;
    for (int i = 0; i < count; i++) {
      double to = i == count - 1 ? most : least + (i + 1) * width;
      bands.add(new Band(least + i * width, to, inside[i], outside[i]));
    }
    return bands;
  }

  /** Activations in the order in which they came. */
  private static final class Activations {
    private float[] values = new float[16];
    private int size;

    void add(float value) {
      if (size == values.length) {
        if (size >= MOST) {
          throw new ZlensException(
              Kind.RUNTIME,
              "the feature is active at more than " + MOST + " places",
              "look at fewer tokens");
        }
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    void addAll(Activations others) {
      for (int i = 0; i < others.size; i++) {
        add(others.values[i]);
      }
    }

    double largest() {
      double most = 0;
      for (int i = 0; i < size; i++) {
        most = Math.max(most, values[i]);
      }
      return most;
    }

    double least() {
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        least = Math.min(least, values[i]);
      }
      return least;
    }

    int[] counts(double least, double most, int bands) {
      int[] counts = new int[bands];
      for (int i = 0; i < size; i++) {
        double place = most > least ? (values[i] - least) / (most - least) * bands : 0;
        counts[(int) Math.min(bands - 1, place)]++;
      }
      return counts;
    }
  }
}
