package org.zlens.engine.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.zlens.engine.runtime.Tensor;

/**
 * The weights that tokens and positions enter the residual stream by.
 *
 * @param wE {@code [d_vocab, d_model]}
 * @param wPos {@code [context, d_model]}, null where positions are no part of the stream
 */
public record Embedding(Tensor wE, Tensor wPos) {
  /** The tensors that there are, by their names here. */
  Map<String, Tensor> named() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("wE", wE);
    all.put("wPos", wPos);
    all.values().removeIf(tensor -> tensor == null);
    return all;
  }

  /** The embedding of tensors by their names here. */
  static Embedding of(Map<String, Tensor> named) {
    return new Embedding(named.get("wE"), named.get("wPos"));
  }
}
