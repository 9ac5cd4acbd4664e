package org.zlens.engine.train;

/**
 * How an SAE is trained.
 *
 * @param width number of features
 * @param objective what it is asked for
 * @param learningRate of each step
 * @param beta1 Adam's decay of the mean of the gradients
 * @param beta2 Adam's decay of their squares
 * @param gradientLimit largest joint norm of the gradients of a step; 0 for no limit
 * @param batch vectors of a step
 * @param resampling of dead features
 * @param seed of the initial weights and of the resampling
 */
public record SaeRecipe(
    int width,
    SaeObjective objective,
    LearningRate learningRate,
    double beta1,
    double beta2,
    double gradientLimit,
    int batch,
    Resampling resampling,
    long seed) {

  /** Refuses an objective that does not fit the width. */
  public SaeRecipe {
    if (width < 1 || batch < 1) {
      throw new IllegalArgumentException(width + " features, " + batch + " vectors a step");
    }
    if (objective instanceof SaeObjective.TopK topK) {
      int last = topK.prefixes().get(topK.prefixes().size() - 1);
      if (topK.k() > width || last != width) {
        throw new IllegalArgumentException(topK + " of " + width + " features");
      }
    }
  }
}
