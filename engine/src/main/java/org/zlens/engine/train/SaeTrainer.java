package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Trains one SAE on vectors handed to it, step by step: the gradients of its recipe's loss, the
 * constraint on the decoder, Adam, and dead features made anew where the recipe asks for it
 * (paper-spec B.1, B.2).
 */
public final class SaeTrainer implements AutoCloseable {
  /** What Adam adds to the root of the mean square. */
  static final double EPS = 1e-8;

  private static final double RESAMPLED_ENCODER_NORM = 0.2;

  /** Batches whose vectors are all rebuilt better than this have nothing to resample from. */
  private static final double NO_ERROR = 1e-6;

  /** Vectors without an activation after which a feature counts as dead in {@link #deadShare}. */
  private static final long DEAD_AFTER = 100_000;

  /**
   * What a step saw before it changed the weights; of scaled vectors where the objective scales.
   *
   * @param loss all that is minimised, mean over the batch
   * @param error squared error alone
   * @param activeFeatures mean number of features above zero
   */
  public record Progress(double loss, double error, double activeFeatures, double rate) {}

  private final SaeRecipe recipe;
  private final double scale;
  private final SaeGradients gradients;
  private final SavedRandom random;
  private final OptimizerState state;
  private final Optional<LassoStep> fast;
  private final Tensor fired;
  private final Tensor asleep;
  private long seen;
  private long step;
  private long stepsSinceResampling;
  private int resamplings;

  /** A trainer with fresh weights for vectors such as those that the start was taken from. */
  public SaeTrainer(SaeStart start, SaeRecipe recipe) {
    this(
        recipe,
        SaeInitialization.of(recipe, start),
        recipe.objective().scalesInput() ? start.scale() : 1);
  }

  /** A trainer to be restored, whose tensors have their shapes but not yet their values. */
  static SaeTrainer blank(int inputs, double scale, SaeRecipe recipe) {
    return new SaeTrainer(
        recipe, SaeInitialization.of(recipe, new SaeStart(scale, new float[inputs])), scale);
  }

  /**
   * A trainer that starts from weights, which it takes over.
   *
   * @param parameters as {@link SaeInitialization} orders them
   * @param scale what vectors are multiplied by
   */
  SaeTrainer(SaeRecipe recipe, List<Tensor> parameters, double scale) {
    this.recipe = recipe;
    this.scale = scale;
    this.gradients = new SaeGradients(recipe.objective());
    this.random = new SavedRandom(recipe.seed());
    this.state = OptimizerState.of(parameters);
    this.fast =
        recipe.objective() instanceof SaeObjective.Lasso lasso && recipe.gradientLimit() == 0
            ? Optional.of(new LassoStep(recipe, lasso, state))
            : Optional.empty();
    try (Scope scope = Scope.open()) {
      this.fired = Scope.release(Tensor.zeros(recipe.width()));
      this.asleep = Scope.release(Tensor.zeros(recipe.width()));
    }
  }

  /** One step on vectors {@code [batch, inputs]}. */
  public Progress step(Tensor x) {
    try (Scope scope = Scope.open()) {
      double rate = recipe.learningRate().at(step, stepsSinceResampling);
      Tensor input = scaled(x);
      SaeGradients.Found found =
          fast.isPresent() ? fast.get().step(input, rate) : stepByStep(input, rate);
      Kernels.run("sae_count", List.of(fired, asleep), found.counts(), x.size(0));
      seen += x.size(0);
      step++;
      stepsSinceResampling++;
      if (recipe.resampling().forgets(step - 1)) {
        forgetCounts();
      }
      return new Progress(found.loss(), found.error(), found.activeFeatures(), rate);
    }
  }

  /** Gradients, the constraint on the decoder and Adam one after the other. */
  private SaeGradients.Found stepByStep(Tensor x, double rate) {
    SaeGradients.Found found = gradients.of(state.parameters(), x, asleep, step);
    if (recipe.objective().unitDecoder()) {
      Kernels.run("sae_unit_rows", List.of(found.gradients().get(1), wDec()));
    }
    if (recipe.gradientLimit() > 0) {
      Kernels.call("clip_gradients", found.gradients(), recipe.gradientLimit());
    }
    Kernels.run(
        "adam",
        state.parameters(),
        found.gradients(),
        state.first(),
        state.second(),
        state.steps(),
        rate,
        recipe.beta1(),
        recipe.beta2(),
        0.0,
        EPS);
    return found;
  }

  private Tensor scaled(Tensor x) {
    return scale == 1 ? x : x.mul(scale);
  }

  /** Whether dead features are to be resampled now, after the step just done. */
  public boolean resamplingDue() {
    return recipe.resampling().isDue(step, resamplings);
  }

  /** Features that fired on at most the recipe's share of the vectors since the last count. */
  public int[] deadFeatures() {
    float[] counts;
    try (Scope scope = Scope.open()) {
      counts = fired.floats();
    }
    return IntStream.range(0, counts.length)
        .filter(i -> counts[i] / (double) Math.max(1, seen) <= recipe.resampling().deadBelow())
        .toArray();
  }

  /** Share of the features that none of the last 100,000 vectors made active. */
  public double deadShare() {
    try (Scope scope = Scope.open()) {
      long limit = Math.min(DEAD_AFTER, step * recipe.batch());
      return step == 0 ? 0 : asleep.gt(limit - 0.5).toFloats().mean(0L).item();
    }
  }

  /**
   * Makes dead features anew from batches of vectors {@code [n, inputs]} of the training data, each
   * drawn with a chance that grows with the square of its squared error; returns how many.
   */
  public int resample(List<Tensor> batches) {
    int[] dead = deadFeatures();
    resamplings++;
    if (dead.length == 0) {
      return 0;
    }
    try (Scope scope = Scope.open()) {
      List<double[]> parts = new ArrayList<>();
      for (Tensor batch : batches) {
        parts.add(losses(batch));
      }
      boolean hopeless =
          parts.stream().anyMatch(part -> Arrays.stream(part).max().orElse(0) < NO_ERROR);
      if (!hopeless) {
        double[] losses = parts.stream().flatMapToDouble(Arrays::stream).toArray();
        int[] rows = draw(losses, Math.min(dead.length, losses.length));
        replace(Arrays.copyOf(dead, rows.length), Tensor.cat(batches, 0), rows);
      } else {
        forgetMoments(dead);
      }
    }
    forgetCounts();
    stepsSinceResampling = 0;
    return dead.length;
  }

  /** Squared error of each vector. */
  double[] losses(Tensor x) {
    try (Scope scope = Scope.open()) {
      float[] losses = Kernels.call("sae_losses", state.parameters(), x).floats();
      return IntStream.range(0, losses.length).mapToDouble(i -> losses[i]).toArray();
    }
  }

  /** Indices drawn without replacement, with weights of the squared losses. */
  private int[] draw(double[] losses, int count) {
    // The largest of log(u) / w are a sample without replacement with weights w.
    double[] keys = new double[losses.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Math.log(random.nextDouble()) / Math.max(losses[i] * losses[i], 1e-30);
    }
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted((a, b) -> Double.compare(keys[b], keys[a]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Gives each dead feature the direction of a row of x and clears its moments. */
  void replace(int[] dead, Tensor x, int[] rows) {
    long[] vectors = Arrays.stream(rows).asLongStream().toArray();
    Kernels.run(
        "sae_resample",
        state.parameters(),
        x,
        indices(dead),
        Tensor.of(vectors, vectors.length),
        RESAMPLED_ENCODER_NORM);
    forgetMoments(dead);
  }

  private void forgetMoments(int[] dead) {
    List<Tensor> moments = moments();
    Kernels.run("sae_forget_moments", moments, moments.size() / 2, indices(dead));
  }

  private static Tensor indices(int[] features) {
    return Tensor.of(Arrays.stream(features).asLongStream().toArray(), features.length);
  }

  private void forgetCounts() {
    Kernels.run("zero", List.of(fired));
    seen = 0;
  }

  /** Restarts the rise of the learning rate, as a resampling does. */
  void restartWarmUp() {
    stepsSinceResampling = 0;
  }

  /** How it is trained. */
  public SaeRecipe recipe() {
    return recipe;
  }

  /** What vectors are multiplied by before they reach the SAE. */
  public double scale() {
    return scale;
  }

  /** Typical smallest activation of a batch; 0 where the objective has no such threshold. */
  public double threshold() {
    return gradients.threshold();
  }

  /** W_enc {@code [inputs, width]}, owned by the trainer. */
  public Tensor wEnc() {
    return state.parameters().get(0);
  }

  /** W_dec {@code [width, inputs]}, owned by the trainer. */
  public Tensor wDec() {
    return state.parameters().get(1);
  }

  /** b_enc {@code [width]}, for a gated SAE b_gate, owned by the trainer. */
  public Tensor bEnc() {
    return state.parameters().get(2);
  }

  /** b_dec {@code [inputs]}, owned by the trainer. */
  public Tensor bDec() {
    return state.parameters().get(3);
  }

  /** Log thresholds, or b_mag and r_mag of a gated SAE, {@code [width]} each. */
  List<Tensor> extras() {
    return state.parameters().subList(4, state.parameters().size());
  }

  /** Adam's moments in the order of the parameters: the means, then the means of squares. */
  List<Tensor> moments() {
    return state.moments();
  }

  /** Every tensor that a later step depends on, by name. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> all = state.byName();
    all.put("fired", fired);
    all.put("asleep", asleep);
    return all;
  }

  /** Everything else that a later step depends on. */
  State state() {
    return new State(
        seen, step, stepsSinceResampling, resamplings, random.state(), gradients.threshold());
  }

  /** Goes on from a state; the tensors are set by whoever read them. */
  void restore(State saved) {
    seen = saved.seen();
    step = saved.step();
    stepsSinceResampling = saved.stepsSinceResampling();
    resamplings = saved.resamplings();
    random.restore(saved.random());
    gradients.restore(saved.threshold());
  }

  /** The numbers of a trainer's state. */
  record State(
      long seen,
      long step,
      long stepsSinceResampling,
      int resamplings,
      long random,
      double threshold) {}

  @Override
  public void close() {
    tensors().values().forEach(Tensor::close);
    fast.ifPresent(LassoStep::close);
  }
}
