package org.zlens.engine.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * Where the positions that a pass computes stand, and what stands at those that it does not
 * compute: the values of a clean run, or nothing where it computes all. Its tensors belong to the
 * scope in which it was made.
 */
final class Beside {
  private final Activations clean;
  private final Window window;
  private final Picked picked;

  /** The positions of queries within the window; null where they are all of them. */
  private final Picked asking;

  /** The positions of keys and of queries, {@code [row or 1, pos]}; null where nobody asks. */
  private final Tensor positions;

  private final Tensor askers;

  /** How many keys there are to attend to. */
  private final long keys;

  /** Which keys each query attends to, by how far it sees. */
  private final Map<Integer, Tensor> sees;

  /** Where the window's keys and values are written beside those before them; null elsewhere. */
  private final KeyValueCache grown;

  private Beside(
      Activations clean,
      Window window,
      Picked picked,
      Picked asking,
      Tensor positions,
      Tensor askers,
      long keys,
      Map<Integer, Tensor> sees,
      KeyValueCache grown) {
    this.clean = clean;
    this.window = window;
    this.picked = picked;
    this.asking = asking;
    this.positions = positions;
    this.askers = askers;
    this.keys = keys;
    this.sees = sees;
    this.grown = grown;
  }

  /** A whole pass over so many positions, which attends to its own keys and values. */
  static Beside nothing(long positions, ModelConfig config) {
    Map<Integer, Tensor> sees = new HashMap<>();
    Tensor all = null;
    for (int layer = 0; layer < config.layers(); layer++) {
      int reach = config.architecture().attention().reach(layer);
      if (reach > 0 && reach < positions) {
        all = all == null ? count(positions).unsqueeze(0) : all;
        sees.computeIfAbsent(reach, mask(all, positions));
      }
    }
    if (all == null && config.architecture().rotates()) {
      all = count(positions).unsqueeze(0);
    }
    return new Beside(null, null, null, null, all, all, positions, sees, null);
  }

  /**
   * A window of a run.
   *
   * @param keys positions that are attended to, those of the run; 0 if none are
   */
  static Beside of(Activations clean, Window window, long keys, ModelConfig config) {
    Picked picked = Picked.of(window);
    Tensor at = picked.positions();
    return new Beside(clean, window, picked, null, at, at, keys, sees(at, keys, config), null);
  }

  /** The position that comes next in each row, whose keys and values join those before it. */
  static Beside grown(KeyValueCache cache, Window next, ModelConfig config) {
    Picked picked = Picked.of(next);
    Tensor at = picked.positions();
    long keys = Arrays.stream(next.first()).max().orElseThrow() + 1L;
    return new Beside(null, next, picked, null, at, at, keys, sees(at, keys, config), cache);
  }

  /** The same with queries at some of the positions only. */
  Beside to(Window fewer, ModelConfig config) {
    if (fewer.width() == window.width()) {
      return this;
    }
    Tensor some = Picked.of(fewer).positions();
    return new Beside(
        clean,
        window,
        picked,
        Picked.of(fewer.within(window)),
        positions,
        some,
        keys,
        sees(some, keys, config),
        null);
  }

  private static Map<Integer, Tensor> sees(Tensor askers, long keys, ModelConfig config) {
    Map<Integer, Tensor> sees = new HashMap<>();
    for (int layer = 0; layer < config.layers() && keys > 0; layer++) {
      sees.computeIfAbsent(config.architecture().attention().reach(layer), mask(askers, keys));
    }
    return sees;
  }

  private static Function<Integer, Tensor> mask(Tensor askers, long keys) {
    return reach -> Scores.mask(askers, keys, reach);
  }

  private static Tensor count(long positions) {
    return Tensor.of(LongStream.range(0, positions).toArray(), positions);
  }

  boolean isWhole() {
    return window == null;
  }

  /** Whether queries are computed at fewer positions than keys. */
  boolean isNarrow() {
    return asking != null;
  }

  /** The part of values of the window at which queries are computed. */
  Tensor narrow(Tensor values) {
    return isNarrow() ? asking.take(values) : values;
  }

  /** Clean values of the window. */
  Tensor of(Site site, int layer) {
    return picked.of(clean.get(site, layer));
  }

  /** The positions of keys, {@code [row or 1, pos]}; for passes that ask for them. */
  Tensor positions() {
    return positions;
  }

  /** The positions of queries, {@code [row or 1, pos]}. */
  Tensor askers() {
    return askers;
  }

  /** Keys or values of all positions: those that were there with those of the window over them. */
  Tensor all(Site site, int layer, Tensor values) {
    if (grown != null) {
      return grown.put(site, layer, window, picked, values, keys);
    }
    return isWhole() ? values : picked.over(clean.get(site, layer), values);
  }

  /** Values of a smaller window amid the clean ones of this. */
  Tensor around(Site site, int layer, Window smaller, Tensor values) {
    return smaller.width() == window.width()
        ? values
        : Picked.of(smaller.within(window)).put(of(site, layer), values);
  }

  /**
   * Which keys each query of a block attends to, {@code [row or 1, 1, pos, key]}; null in a whole
   * pass whose queries see all that comes before them.
   */
  Tensor sees(AttentionRules rules, int layer) {
    return sees.get(rules.reach(layer));
  }
}
