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
   * The weights, unprocessed, in the open scope.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if one is missing, has another shape, is
   *     not finite, or is not known
   */
  Weights weights(StoredWeights stored, ModelConfig config);
}
