package org.zlens.engine.model;

import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * What stands at the positions that a pass does not compute: the values of a clean run, or nothing
 * where it computes all. Its tensors belong to the scope in which it was made.
 */
final class Beside {
  /** A whole pass, which attends to its own keys and values. */
  static final Beside NOTHING = new Beside(null, null, null, null, null);

  private final Activations clean;
  private final Window window;
  private final Picked picked;

  /** The positions of queries within the window; null where they are all of them. */
  private final Picked asking;

  /** Which keys each query attends to; null if nobody attends. */
  private final Tensor sees;

  private Beside(Activations clean, Window window, Picked picked, Picked asking, Tensor sees) {
    this.clean = clean;
    this.window = window;
    this.picked = picked;
    this.asking = asking;
    this.sees = sees;
  }

  /**
   * A window of a run.
   *
   * @param keys positions that are attended to, those of the run; 0 if none are
   */
  static Beside of(Activations clean, Window window, long keys) {
    Picked picked = Picked.of(window);
    return new Beside(clean, window, picked, null, keys == 0 ? null : picked.sees(keys));
  }

  /** The same with queries at some of the positions only. */
  Beside to(Window fewer) {
    if (fewer.width() == window.width()) {
      return this;
    }
    Tensor some = Picked.of(fewer).sees(sees.size(-1));
    return new Beside(clean, window, picked, Picked.of(fewer.within(window)), some);
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

  /** The positions themselves. */
  Tensor positions() {
    return picked.positions();
  }

  /** Keys or values of all positions: the clean ones with those of the window over them. */
  Tensor all(Site site, int layer, Tensor values) {
    return isWhole() ? values : picked.over(clean.get(site, layer), values);
  }

  /** Values of a smaller window amid the clean ones of this. */
  Tensor around(Site site, int layer, Window smaller, Tensor values) {
    return smaller.width() == window.width()
        ? values
        : Picked.of(smaller.within(window)).put(of(site, layer), values);
  }

  /** Which keys each query attends to: {@code [row, 1, pos, key]}. */
  Tensor sees() {
    return sees;
  }
}
