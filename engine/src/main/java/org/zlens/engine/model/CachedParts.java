package org.zlens.engine.model;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights that are taken from the cache where it has them, and kept there where it has not.
 *
 * @param made where they come from otherwise
 * @param shapes what each part must be
 */
record CachedParts(WeightParts made, WeightShapes shapes, WeightCache.Model cache)
    implements WeightParts {
  @Override
  public Embedding embedding() {
    return part(WeightShapes.EMBEDDING, made::embedding, Embedding::named, Embedding::of);
  }

  @Override
  public BlockWeights block(int layer) {
    return part(
        WeightShapes.block(layer), () -> made.block(layer), BlockWeights::named, BlockWeights::of);
  }

  @Override
  public Unembedding unembedding() {
    return part(WeightShapes.UNEMBEDDING, made::unembedding, Unembedding::named, Unembedding::of);
  }

  private <T> T part(
      String name,
      Supplier<T> source,
      Function<T, Map<String, Tensor>> named,
      Function<Map<String, Tensor>, T> of) {
    return cache
        .find(name, shapes.of(name))
        .map(of)
        .orElseGet(
            () -> {
              T own = source.get();
              cache.keep(name, named.apply(own));
              return own;
            });
  }
}
