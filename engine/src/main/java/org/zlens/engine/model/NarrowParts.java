package org.zlens.engine.model;

import java.util.Map;
import java.util.Set;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights whose matrices are kept in 16 bits. Norms, biases and positions stay as they are, since
 * what they are added to has 32.
 *
 * @param wide the same in 32 bits
 * @param type of 16 bits
 */
record NarrowParts(WeightParts wide, DType type) implements WeightParts {
  private static final Set<String> MATRICES =
      Set.of("wE", "wU", "wQ", "wK", "wV", "wO", "wIn", "wOut", "wGate");

  @Override
  public Embedding embedding() {
    return Embedding.of(narrow(wide.embedding().named()));
  }

  @Override
  public BlockWeights block(int layer) {
    return BlockWeights.of(narrow(wide.block(layer).named()));
  }

  @Override
  public Unembedding unembedding() {
    return Unembedding.of(narrow(wide.unembedding().named()));
  }

  private Map<String, Tensor> narrow(Map<String, Tensor> named) {
    String kernel = type == DType.FLOAT16 ? "to_half" : "to_brain_float";
    named.replaceAll(
        (name, tensor) -> {
          if (!MATRICES.contains(name)) {
            return tensor;
          }
          Tensor narrow = Kernels.call(kernel, tensor);
          tensor.close();
          return narrow;
        });
    return named;
  }
}
