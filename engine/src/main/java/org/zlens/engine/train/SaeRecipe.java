package org.zlens.engine.train;

/**
 * How an SAE is trained (paper-spec B.1).
 *
 * @param width number of features
 * @param sparsity weight of the L1 term of the loss
 * @param rate full learning rate
 * @param beta1 Adam's decay of the mean of the gradients
 * @param beta2 Adam's decay of their squares
 * @param warmUp steps over which the rate rises
 * @param batch vectors of a step
 * @param resampleEvery steps between resamplings of dead features
 * @param resamplings at most so many of them
 * @param resampleWindow last steps before a resampling that decide which features are dead
 * @param deadBelow a feature is dead if it fires on at most this share of the vectors
 * @param seed of the initial weights and of the resampling
 */
public record SaeRecipe(
    int width,
    double sparsity,
    double rate,
    double beta1,
    double beta2,
    int warmUp,
    int batch,
    int resampleEvery,
    int resamplings,
    int resampleWindow,
    double deadBelow,
    long seed) {
  /** The recipe of the published GPT-2 SAEs, with the Adam settings that the paper names. */
  public static SaeRecipe paper(int width, double sparsity) {
    return new SaeRecipe(
        width, sparsity, 1.2e-3, 0.9, 0.99, 1000, 4096, 25_000, 4, 12_500, 1e-6, 49);
  }
}
