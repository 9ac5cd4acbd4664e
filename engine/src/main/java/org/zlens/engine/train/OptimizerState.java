package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Parameters in training with what Adam keeps of each: the running means of its gradient and of the
 * gradient's square, and the number of steps. Whoever holds it owns the tensors.
 */
record OptimizerState(
    List<Tensor> parameters, List<Tensor> first, List<Tensor> second, List<Tensor> steps)
    implements AutoCloseable {

  /** Takes over parameters before their first step, from whichever scope. */
  static OptimizerState of(List<Tensor> parameters) {
    try (Scope scope = Scope.open()) {
      return new OptimizerState(
          parameters.stream().map(Scope::release).toList(),
          zeros(parameters),
          zeros(parameters),
          parameters.stream().map(p -> Scope.release(Tensor.zeros())).toList());
    }
  }

  private static List<Tensor> zeros(List<Tensor> like) {
    return like.stream().map(t -> Scope.release(Tensor.zeros(t.shape()))).toList();
  }

  /** Adam's means in the order of the parameters, then the means of squares. */
  List<Tensor> moments() {
    List<Tensor> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Every tensor by name. */
  Map<String, Tensor> byName() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      all.put("parameter." + i, parameters.get(i));
      all.put("mean." + i, first.get(i));
      all.put("square." + i, second.get(i));
      all.put("steps." + i, steps.get(i));
    }
    return all;
  }

  @Override
  public void close() {
    byName().values().forEach(Tensor::close);
  }
}
