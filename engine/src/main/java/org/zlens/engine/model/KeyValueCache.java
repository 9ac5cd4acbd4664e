package org.zlens.engine.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Keys and values of prompts that grow together, in memory that was set aside for as many positions
 * as they will have: a new position is written in its place, and nothing is copied. Those of a head
 * stand side by side, since attention reads them head by head.
 */
final class KeyValueCache implements AutoCloseable {
  private final Map<Location, Tensor> all = new HashMap<>();
  private final ModelConfig config;
  private final long most;

  /** Nothing yet of prompts of so many positions at most. */
  KeyValueCache(ModelConfig config, long most) {
    this.config = config;
    this.most = most;
  }

  /** Takes what a pass over the prompts kept of them. */
  void begin(Activations pass) {
    for (Location at : Continuation.kept(config)) {
      Tensor own = swapped(pass.get(at));
      long[] shape = own.shape();
      shape[2] = most - own.size(2);
      Tensor whole = shape[2] == 0 ? own.copy() : Tensor.cat(List.of(own, Tensor.zeros(shape)), 2);
      all.put(at, Scope.release(swapped(whole)));
    }
  }

  /**
   * Writes keys or values of a window of one position a row; what comes after it in a row is of no
   * meaning.
   *
   * @param values {@code [row, 1, head, d_head]}
   * @param keys how many positions the longest row has now
   * @return those of all positions up to there, {@code [row, keys, head, d_head]}, in this memory
   */
  Tensor put(Site site, int layer, Window at, Picked picked, Tensor values, long keys) {
    Tensor whole = all.get(Location.of(site, layer));
    return at.isUniform()
        ? Kernels.call("grow_even", whole, (long) at.first()[0], values, keys)
        : Kernels.call("grow", whole, picked.numbers(), picked.positions(), values, keys);
  }

  /** Goes on with some of the rows, in this order. */
  void retain(int... rows) {
    long[] kept = Arrays.stream(rows).asLongStream().toArray();
    try (Scope scope = Scope.open()) {
      all.replaceAll(
          (at, whole) -> {
            Tensor some = Scope.release(swapped(swapped(whole).indexSelect(0, kept)));
            whole.close();
            return some;
          });
    }
  }

  /** A view with positions and heads in each other's place. */
  private static Tensor swapped(Tensor values) {
    return values.permute(0, 2, 1, 3);
  }

  @Override
  public void close() {
    all.values().forEach(Tensor::close);
    all.clear();
  }
}
