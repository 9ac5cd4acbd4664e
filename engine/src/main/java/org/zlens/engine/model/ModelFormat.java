package org.zlens.engine.model;

import org.zlens.engine.io.JsonSettings;

/**
 * A family of models as files: what its {@code config.json} says, and under which names and in
 * which layouts its weights are stored. The forward pass is the same for all; see the package.
 */
public interface ModelFormat {
  /**
   * Sizes and kinds of the model as stored.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA for what cannot be read or is not
   *     supported
   */
  ModelConfig config(JsonSettings json);

  /**
   * What tokens enter the stream by, unprocessed, in the open scope.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if a tensor is missing, has another shape
   *     or is not finite; likewise the other parts
   */
  Embedding embedding(StoredWeights stored, ModelConfig config);

  /** A block, likewise. */
  BlockWeights block(StoredWeights stored, ModelConfig config, int layer);

  /**
   * What logits are made by, likewise.
   *
   * @param shares whether one that is the embedding transposed may come without a matrix of its own
   */
  Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares);

  /**
   * The name of a matrix that logits are made by; where it is missing, and may be, the embedding
   * transposed serves.
   */
  String head();

  /** Whether a stored tensor is none of the weights. */
  boolean ignores(String name);
}
