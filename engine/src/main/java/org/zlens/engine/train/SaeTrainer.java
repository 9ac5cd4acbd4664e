package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Trains one ReLU SAE on vectors handed to it, step by step, as the paper's authors did (paper-spec
 * B.1): squared error plus L1, decoder rows kept at norm one, Adam, and dead features made anew
 * from vectors that are reconstructed badly.
 *
 * <p>The gradients are derived by hand inside one kernel, which is what autograd would give (the
 * tests compare) at half the memory.
 */
public final class SaeTrainer implements AutoCloseable {
  private static final double EPS = 1e-8;
  private static final double RESAMPLED_ENCODER_NORM = 0.2;

  /**
   * What a step saw before it changed the weights.
   *
   * @param loss squared error plus weighted L1, mean over the batch
   * @param error squared error alone
   * @param activeFeatures mean number of features above zero
   */
  public record Progress(double loss, double error, double activeFeatures, double rate) {}

  private final SaeRecipe recipe;
  private final WarmUp warmUp;
  private final Random random;
  private final List<Tensor> parameters;
  private final List<Tensor> first;
  private final List<Tensor> second;
  private final List<Tensor> steps;
  private final Tensor fired;
  private long seen;
  private long step;
  private long stepsSinceResampling;
  private int resamplings;

  /** A trainer with fresh weights for vectors of a width. */
  public SaeTrainer(int inputs, SaeRecipe recipe) {
    this(recipe, initial(inputs, recipe));
  }

  /** A trainer that starts from W_enc, W_dec, b_enc and b_dec, which it takes over. */
  SaeTrainer(SaeRecipe recipe, List<Tensor> parameters) {
    this.recipe = recipe;
    this.warmUp = new WarmUp(recipe.rate(), recipe.warmUp());
    this.random = new Random(recipe.seed());
    try (Scope scope = Scope.open()) {
      this.parameters = parameters.stream().map(Scope::release).toList();
      this.first = likes(parameters);
      this.second = likes(parameters);
      this.steps = IntStream.range(0, 4).mapToObj(i -> Scope.release(Tensor.zeros())).toList();
      this.fired = Scope.release(Tensor.zeros(recipe.width()));
    }
  }

  private static List<Tensor> likes(List<Tensor> tensors) {
    return tensors.stream().map(t -> Scope.release(Tensor.zeros(t.shape()))).toList();
  }

  /** Kaiming-uniform over axis 1 for both matrices, decoder rows of norm one, biases zero. */
  private static List<Tensor> initial(int inputs, SaeRecipe recipe) {
    Random random = new Random(recipe.seed());
    try (Scope scope = Scope.open()) {
      Tensor wEnc = uniform(random, inputs, recipe.width());
      Tensor wDec = uniform(random, recipe.width(), inputs);
      List<Tensor> all =
          List.of(
              wEnc,
              wDec.div(wDec.norm(1).unsqueeze(1)),
              Tensor.zeros(recipe.width()),
              Tensor.zeros(inputs));
      all.forEach(Scope::release);
      return all;
    }
  }

  private static Tensor uniform(Random random, int rows, int columns) {
    double bound = Math.sqrt(6.0 / columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return Tensor.of(values, rows, columns);
  }

  /** One step on vectors {@code [batch, inputs]}. */
  public Progress step(Tensor x) {
    try (Scope scope = Scope.open()) {
      double rate = warmUp.at(stepsSinceResampling);
      List<Tensor> state = new ArrayList<>(parameters);
      state.add(fired);
      Tensor[] found = Kernels.callList("sae_gradients", state, x, recipe.sparsity());
      List<Tensor> gradients = List.of(found).subList(0, 4);
      Kernels.run(
          "adam",
          parameters,
          gradients,
          first,
          second,
          steps,
          rate,
          recipe.beta1(),
          recipe.beta2(),
          0.0,
          EPS);
      float[] values = found[4].floats();
      seen += x.size(0);
      step++;
      stepsSinceResampling++;
      if ((step - 1 + recipe.resampleWindow()) % recipe.resampleEvery() == 0) {
        forgetCounts();
      }
      return new Progress(values[0], values[1], values[3], rate);
    }
  }

  /** Whether dead features are to be resampled now, after the step just done. */
  public boolean resamplingDue() {
    return step % recipe.resampleEvery() == 0 && resamplings < recipe.resamplings();
  }

  /** Features that fired on at most the recipe's share of the vectors since the last count. */
  public int[] deadFeatures() {
    float[] counts;
    try (Scope scope = Scope.open()) {
      counts = fired.floats();
    }
    return IntStream.range(0, counts.length)
        .filter(i -> counts[i] / (double) Math.max(1, seen) <= recipe.deadBelow())
        .toArray();
  }

  /**
   * Makes dead features anew from vectors {@code [n, inputs]} of the training data, each drawn with
   * a chance that grows with the square of its squared error; returns how many.
   */
  public int resample(Tensor x) {
    int[] dead = deadFeatures();
    resamplings++;
    if (dead.length == 0) {
      return 0;
    }
    try (Scope scope = Scope.open()) {
      double[] losses = losses(x);
      int[] rows = draw(losses, Math.min(dead.length, losses.length));
      replace(Arrays.copyOf(dead, rows.length), x, rows);
    }
    forgetCounts();
    stepsSinceResampling = 0;
    return dead.length;
  }

  /** Squared error of each vector. */
  double[] losses(Tensor x) {
    float[] losses = Kernels.call("sae_losses", parameters, x).floats();
    return IntStream.range(0, losses.length).mapToDouble(i -> losses[i]).toArray();
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
    long[] features = Arrays.stream(dead).asLongStream().toArray();
    long[] vectors = Arrays.stream(rows).asLongStream().toArray();
    List<Tensor> state = new ArrayList<>(parameters);
    state.addAll(first);
    state.addAll(second);
    Kernels.run(
        "sae_resample",
        state,
        x,
        Tensor.of(features, features.length),
        Tensor.of(vectors, vectors.length),
        RESAMPLED_ENCODER_NORM);
  }

  private void forgetCounts() {
    Kernels.run("zero", List.of(fired));
    seen = 0;
  }

  /** Restarts the rise of the learning rate, as a resampling does. */
  void restartWarmUp() {
    stepsSinceResampling = 0;
  }

  /** W_enc {@code [inputs, width]}, owned by the trainer. */
  public Tensor wEnc() {
    return parameters.get(0);
  }

  /** W_dec {@code [width, inputs]}, owned by the trainer. */
  public Tensor wDec() {
    return parameters.get(1);
  }

  /** b_enc {@code [width]}, owned by the trainer. */
  public Tensor bEnc() {
    return parameters.get(2);
  }

  /** b_dec {@code [inputs]}, owned by the trainer. */
  public Tensor bDec() {
    return parameters.get(3);
  }

  /** Adam's moments in the order of the parameters: the means, then the means of squares. */
  List<Tensor> moments() {
    List<Tensor> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @Override
  public void close() {
    parameters.forEach(Tensor::close);
    first.forEach(Tensor::close);
    second.forEach(Tensor::close);
    steps.forEach(Tensor::close);
    fired.close();
  }
}
