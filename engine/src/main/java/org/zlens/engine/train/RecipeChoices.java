package org.zlens.engine.train;

import java.util.Optional;

/**
 * What a user chose of a recipe; what is empty is as {@link NamedRecipe} has it.
 *
 * @param width number of features
 * @param inputs width of the vectors
 * @param vectors of the whole training
 * @param sparsity weight of the penalty
 * @param k active features of a vector
 * @param rate full learning rate
 * @param batch vectors of a step
 * @param resampleEvery steps between resamplings of dead features
 * @param seed of the weights and the resampling
 */
public record RecipeChoices(
    int width,
    int inputs,
    long vectors,
    Optional<Double> sparsity,
    Optional<Integer> k,
    Optional<Double> rate,
    int batch,
    Optional<Integer> resampleEvery,
    long seed) {
  /** Steps of the whole training. */
  public long steps() {
    return vectors / batch;
  }
}
