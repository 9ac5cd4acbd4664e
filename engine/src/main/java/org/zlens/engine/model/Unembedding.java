package org.zlens.engine.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.zlens.engine.runtime.Tensor;

/**
 * The weights that make logits of the residual stream after the last block.
 *
 * @param finalGain {@code [d_model]}, null where folded; likewise {@code finalBias}
 * @param wU {@code [d_model, d_vocab]}; null where it is the embedding transposed
 * @param bU {@code [d_vocab]}
 */
public record Unembedding(Tensor finalGain, Tensor finalBias, Tensor wU, Tensor bU) {
  /** The tensors that there are, by their names here. */
  Map<String, Tensor> named() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("finalGain", finalGain);
    all.put("finalBias", finalBias);
    all.put("wU", wU);
    all.put("bU", bU);
    all.values().removeIf(tensor -> tensor == null);
    return all;
  }

  /** The unembedding of tensors by their names here. */
  static Unembedding of(Map<String, Tensor> named) {
    return new Unembedding(
        named.get("finalGain"), named.get("finalBias"), named.get("wU"), named.get("bU"));
  }

  /** The same with another matrix. */
  Unembedding with(Tensor matrix) {
    return new Unembedding(finalGain, finalBias, matrix, bU);
  }
}
