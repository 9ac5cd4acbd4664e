package org.zlens.repl.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SplittableRandom;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.train.InitialWeights;
import org.zlens.engine.train.Resampling;
import org.zlens.engine.train.SaeFeed;
import org.zlens.engine.train.SaeObjective;
import org.zlens.engine.train.SaeRecipe;
import org.zlens.engine.train.SaeTrainer;
import org.zlens.engine.train.SaeTraining;
import org.zlens.engine.train.WarmUp;

/**
 * A training of one of the paper's SAEs (L5.z of a model of the size of GPT-2 Small) from text to
 * weights, against its forward passes and its steps alone; the buffer between them counts as loss.
 */
final class TrainThroughput implements Benchmark {
  private static final int BATCH = 1024;
  private static final int WIDTH = 24_576;
  private static final int ROWS = 16;
  private static final int LENGTH = 64;
  private static final int BUFFER = 8 * BATCH;

  /** Steps after which half of the buffer has been filled anew. */
  private static final int STEPS = 4;

  private static final Location SITE = Location.of(Site.Z, 5);

  private static final ModelConfig SMALL =
      new ModelConfig(
          12,
          768,
          12,
          12,
          64,
          3072,
          1024,
          50257,
          NormKind.LAYER_NORM,
          1e-5,
          ActivationKind.GELU_TANH);

  @Override
  public String name() {
    return "train-throughput";
  }

  @Override
  public Measurement measure() {
    Torch.setThreads(1);
    SaeRecipe recipe =
        new SaeRecipe(
            WIDTH,
            new SaeObjective.Lasso(1),
            new WarmUp(1.2e-3, 1000),
            0.9,
            0.99,
            0,
            BATCH,
            Resampling.NONE,
            1);
    RandomRows text = new RandomRows();
    SaeFeed feed = new SaeFeed(text, ROWS, BUFFER, 1);
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open();
        SaeTraining training =
            new SaeTraining(new Transformer(SMALL, weights), Map.of(SITE, recipe), feed, 1)) {
      Transformer model = new Transformer(SMALL, weights);
      double[] whole = new double[RUNS];
      double[] parts = new double[RUNS];
      long vectors = 0;
      SaeTrainer trainer = training.trainers().get(SITE);
      Tensor x = forward(model, text);
      for (int i = -1; i < RUNS; i++) {
        vectors += (long) STEPS * BATCH;
        long until = vectors;
        double seconds = seconds(() -> training.run(until, (step, steps, progress) -> {}));
        double alone = seconds(() -> alone(model, text, trainer, x));
        if (i >= 0) {
          whole[i] = seconds;
          parts[i] = alone;
        }
      }
      double baseline = 1000 * Median.of(parts) / STEPS;
      return new Measurement(
          name(),
          1000 * Median.of(whole) / STEPS,
          "ms",
          baseline,
          baseline / 0.85,
          "CPU time of training on 1,024 tokens, from tokens to weights; of the forward passes and"
              + " the steps alone");
    }
  }

  /** As many forward passes and steps as a measured piece of the training makes. */
  private static void alone(Transformer model, RandomRows text, SaeTrainer trainer, Tensor x) {
    for (int i = 0; i < STEPS; i++) {
      try (Scope scope = Scope.open()) {
        forward(model, text);
      }
      trainer.step(x);
    }
  }

  private static Tensor forward(Transformer model, RandomRows text) {
    return model
        .forward(Tensor.ofRows(text.next(ROWS)), Hooks.none().capture(SITE).withoutLogits())
        .get(SITE)
        .reshape(BATCH, -1);
  }

  private static double seconds(Runnable body) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = system.getProcessCpuTime();
    body.run();
    return (system.getProcessCpuTime() - start) / 1e9;
  }

  /** Rows of random tokens. */
  private static final class RandomRows implements TokenRows {
    private SplittableRandom random = new SplittableRandom(1);

    @Override
    public int[][] next(int rows) {
      int[][] all = new int[rows][LENGTH];
      for (int[] row : all) {
        for (int i = 0; i < LENGTH; i++) {
          row[i] = random.nextInt(SMALL.dVocab());
        }
      }
      return all;
    }

    @Override
    public TextPlace place() {
      return TextPlace.START;
    }

    @Override
    public void seek(TextPlace place) {
      // The one place that was ever told is the start.
      random = new SplittableRandom(1);
    }
  }
}
