package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * One step for all parameters: orthogonalised momentum (Muon) for the matrices of the blocks, Adam
 * for the embeddings, norms and biases.
 *
 * <p>On a small model Muon needs about half of AdamW's tokens, which is what makes training the
 * embedded model on two cores bearable.
 */
final class ModelOptimizer implements AutoCloseable {
  private static final double GRADIENT_LIMIT = 1;

  private final List<Tensor> matrices = new ArrayList<>();
  private final List<Integer> matrixIndices = new ArrayList<>();
  private final List<Tensor> momenta = new ArrayList<>();
  private final List<Tensor> others = new ArrayList<>();
  private final List<Integer> otherIndices = new ArrayList<>();
  private final List<Tensor> first = new ArrayList<>();
  private final List<Tensor> second = new ArrayList<>();
  private final List<Tensor> steps = new ArrayList<>();

  ModelOptimizer(Parameters parameters) {
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < parameters.leaves().size(); i++) {
        Tensor leaf = parameters.leaves().get(i);
        if (parameters.isBlockMatrix(i)) {
          matrices.add(leaf);
          matrixIndices.add(i);
          momenta.add(Scope.release(Tensor.zeros(leaf.shape())));
        } else {
          others.add(leaf);
          otherIndices.add(i);
          first.add(Scope.release(Tensor.zeros(leaf.shape())));
          second.add(Scope.release(Tensor.zeros(leaf.shape())));
          steps.add(Scope.release(Tensor.zeros()));
        }
      }
    }
  }

  /**
   * Changes the parameters.
   *
   * @param gradients one for each parameter, in their order; used up
   * @param rate share of the full learning rates
   * @return the norm of the gradients before clipping
   */
  double step(List<Tensor> gradients, double rate, double muonRate, double adamRate) {
    double norm = Kernels.call("clip_gradients", gradients, GRADIENT_LIMIT).item();
    List<Tensor> matrixGradients = matrixIndices.stream().map(gradients::get).toList();
    Kernels.run("muon", matrices, matrixGradients, momenta, rate * muonRate, 0.95, 0.01);
    List<Tensor> otherGradients = otherIndices.stream().map(gradients::get).toList();
    Kernels.run(
        "adam",
        others,
        otherGradients,
        first,
        second,
        steps,
        rate * adamRate,
        0.9,
        0.99,
        0.0,
        1e-8);
    return norm;
  }

  /** Everything that a later step depends on, by name. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    put(state, "momentum.", momenta);
    put(state, "first.", first);
    put(state, "second.", second);
    put(state, "steps.", steps);
    return state;
  }

  private static void put(Map<String, Tensor> state, String prefix, List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      state.put(prefix + i, tensors.get(i));
    }
  }

  @Override
  public void close() {
    state().values().forEach(Tensor::close);
  }
}
