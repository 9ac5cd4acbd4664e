package org.zlens.engine.model;

/**
 * Where the weights of a model come from, a part at a time: each call makes the tensors of a part
 * anew, in the open scope.
 */
interface WeightParts {
  /** What tokens enter the stream by. */
  Embedding embedding();

  /** A block. */
  BlockWeights block(int layer);

  /**
   * What logits are made by; without a matrix of its own where that is the embedding transposed.
   */
  Unembedding unembedding();
}
