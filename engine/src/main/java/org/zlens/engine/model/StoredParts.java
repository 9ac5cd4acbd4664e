package org.zlens.engine.model;

import java.util.function.Function;
import java.util.function.Supplier;

/** Weights as a family's files have them. */
final class StoredParts implements WeightParts {
  private final ModelFormat format;
  private final Supplier<StoredWeights> stored;
  private final ModelConfig config;
  private final boolean shares;

  /**
   * The weights of a family.
   *
   * @param stored gives what a part is read from; it is closed when the part is read
   * @param shares whether an unembedding that is the embedding may come without its matrix
   */
  StoredParts(
      ModelFormat format, Supplier<StoredWeights> stored, ModelConfig config, boolean shares) {
    this.format = format;
    this.stored = stored;
    this.config = config;
    this.shares = shares;
  }

  @Override
  public Embedding embedding() {
    return read(files -> format.embedding(files, config));
  }

  @Override
  public BlockWeights block(int layer) {
    return read(files -> format.block(files, config, layer));
  }

  @Override
  public Unembedding unembedding() {
    return read(files -> format.unembedding(files, config, shares));
  }

  private <T> T read(Function<StoredWeights, T> part) {
    try (StoredWeights files = stored.get()) {
      T made = part.apply(files);
      files.requireUnchanged();
      return made;
    }
  }
}
