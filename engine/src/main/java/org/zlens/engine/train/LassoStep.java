package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A step of the paper's recipe at little more than the cost of its five matrix products: gradients
 * by hand, the constraint on the decoder and Adam, feature block by feature block, so that what one
 * product writes is in the cache when the next operation reads it, in memory that is made once.
 *
 * <p>It computes what {@link SaeGradients}, the constraint and Adam compute one after the other.
 */
final class LassoStep implements AutoCloseable {
  /** Features of a block: what a usual batch makes of them fits the cache. */
  private static final int BLOCK = 2048;

  private final SaeRecipe recipe;
  private final SaeObjective.Lasso objective;
  private final OptimizerState state;
  private final int block;
  private List<Tensor> work = List.of();

  LassoStep(SaeRecipe recipe, SaeObjective.Lasso objective, OptimizerState state) {
    this(recipe, objective, state, BLOCK);
  }

  LassoStep(SaeRecipe recipe, SaeObjective.Lasso objective, OptimizerState state, int block) {
    this.recipe = recipe;
    this.objective = objective;
    this.state = state;
    this.block = Math.min(block, recipe.width());
  }

  /** Changes the state; what it found comes without the gradients, and stays until the next. */
  SaeGradients.Found step(Tensor x, double rate) {
    prepare(x.size(0));
    Kernels.run("increment", state.steps());
    Tensor[] forward = Kernels.callList("sae_lasso_forward", state.parameters(), work, x);
    Tensor centred = forward[0];
    Tensor g = forward[1];
    List<Tensor> sums = new ArrayList<>();
    for (int begin = 0; begin < recipe.width(); begin += block) {
      int end = Math.min(begin + block, recipe.width());
      sums.add(
          Kernels.call(
              "sae_lasso_block",
              state.parameters(),
              work,
              centred,
              g,
              begin,
              end,
              objective.sparsity()));
      adam(
          List.of(state.parameters().get(1).slice(0, begin, end)),
          List.of(work.get(3).slice(0, 0, end - begin)),
          List.of(state.first().get(1).slice(0, begin, end)),
          List.of(state.second().get(1).slice(0, begin, end)),
          List.of(state.steps().get(1)),
          rate);
    }
    Tensor[] found =
        Kernels.callList(
            "sae_lasso_end", state.parameters(), work, g, forward[2], sums, objective.sparsity());
    adam(
        withoutDecoder(state.parameters()),
        List.of(work.get(1), work.get(2), found[0]),
        withoutDecoder(state.first()),
        withoutDecoder(state.second()),
        withoutDecoder(state.steps()),
        rate);
    float[] stats = found[1].floats();
    return new SaeGradients.Found(List.of(), work.get(5), stats[0], stats[1], stats[3]);
  }

  private static List<Tensor> withoutDecoder(List<Tensor> all) {
    return List.of(all.get(0), all.get(2), all.get(3));
  }

  private void adam(
      List<Tensor> parameters,
      List<Tensor> gradients,
      List<Tensor> first,
      List<Tensor> second,
      List<Tensor> steps,
      double rate) {
    Kernels.run(
        "adam_counted",
        parameters,
        gradients,
        first,
        second,
        steps,
        rate,
        recipe.beta1(),
        recipe.beta2(),
        SaeTrainer.EPS);
  }

  private void prepare(long batch) {
    if (!work.isEmpty() && work.get(0).size(0) == batch) {
      return;
    }
    close();
    long inputs = state.parameters().get(0).size(0);
    int width = recipe.width();
    try (Scope scope = Scope.open()) {
      work =
          List.of(
              Tensor.zeros(batch, width),
              Tensor.zeros(inputs, width),
              Tensor.zeros(width),
              Tensor.zeros(block, inputs),
              Tensor.zeros(batch, block),
              Tensor.zeros(width));
      work.forEach(Scope::release);
    }
  }

  @Override
  public void close() {
    work.forEach(Tensor::close);
    work = List.of();
  }
}
