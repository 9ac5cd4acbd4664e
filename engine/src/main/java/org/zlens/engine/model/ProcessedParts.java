package org.zlens.engine.model;

/**
 * Weights in the basis that steps of processing bring them to.
 *
 * @param raw as stored, with a matrix of its own for the unembedding
 */
record ProcessedParts(WeightParts raw, WeightProcessing processing) implements WeightParts {
  @Override
  public Embedding embedding() {
    return processing.embedding(raw.embedding());
  }

  @Override
  public BlockWeights block(int layer) {
    return processing.block(raw.block(layer));
  }

  @Override
  public Unembedding unembedding() {
    return processing.unembedding(raw.unembedding());
  }
}
