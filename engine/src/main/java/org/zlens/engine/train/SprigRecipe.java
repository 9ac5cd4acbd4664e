package org.zlens.engine.train;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.Sprig;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.data.sprig.WordIds;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.measure.SaeQuality;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.model.gpt2.Gpt2Writer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * Makes the embedded model again from nothing: its text, its weights, its SAEs and its card.
 *
 * @param repeatTokens tokens of the first phase, repeats alone, in which induction begins
 * @param mixedTokens tokens of the second phase, the whole language
 * @param vectors vectors that each SAE is trained on
 * @param workers threads
 */
public record SprigRecipe(long repeatTokens, long mixedTokens, long vectors, int workers) {
  private static final long MODEL_SEED = 49;
  private static final long SAE_TEXT_SEED = 1_234;

  /** Of the text that neither the model nor its SAEs were trained on. */
  public static final long HELD_OUT_SEED = 987_654_321L;

  /** Features of the SAEs of attention outputs. */
  public static final int ATTENTION_WIDTH = 512;

  /** Features of the SAEs of the residual stream. */
  public static final int RESIDUAL_WIDTH = 1_024;

  private static final int SAE_BATCH = 1_024;

  /** Weights of the L1 term: of the attention-output SAE of each layer, of the residual one. */
  private static final double[] ATTENTION_SPARSITY = {3.5, 3, 2.2, 1.8};

  private static final double[] RESIDUAL_SPARSITY = {0.5, 25, 25, 25};

  /** The recipe of the shipped model. */
  public static SprigRecipe standard(int workers) {
    return new SprigRecipe(2_000_000, 10_000_000, 3_000_000, workers);
  }

  /** Told what is going on, a line at a time. */
  @FunctionalInterface
  public interface Listener {
    /** One line of news. */
    void line(String text);
  }

  /** The sizes of the embedded model. */
  public static ModelConfig config() {
    return new ModelConfig(
        4,
        128,
        8,
        8,
        16,
        512,
        Sprig.CONTEXT,
        WordIds.standard().vocabularySize(),
        NormKind.LAYER_NORM,
        1e-5,
        ActivationKind.GELU_TANH);
  }

  /** Trains everything and writes it into a folder, going on from checkpoints found there. */
  public void make(Path folder, Listener listener) {
    trainModel(folder, listener);
    trainSaes(folder, List.of(Site.Z, Site.RESID_PRE), listener);
    writeCard(folder);
  }

  /** Trains the model alone and writes it as a Hugging Face folder. */
  public void trainModel(Path folder, Listener listener) {
    ModelTraining plan =
        new ModelTraining(
            config(),
            MODEL_SEED,
            List.of(
                new ModelTraining.Phase(Mix.repeats(), repeatTokens),
                new ModelTraining.Phase(Mix.standard(), mixedTokens)),
            32,
            Sprig.CONTEXT,
            0.02,
            0.003,
            100,
            0.25,
            workers,
            folder.resolve("checkpoints"),
            200);
    double[] sum = {0};
    try (ModelTrainer trainer = new ModelTrainer(plan);
        Scope scope = Scope.open()) {
      trainer.run(
          (step, steps, loss, norm) -> {
            sum[0] += loss;
            if (step % 50 == 0) {
              listener.line(String.format("step %d of %d, loss %.4f", step, steps, sum[0] / 50));
              sum[0] = 0;
            }
          });
      Gpt2Writer.write(
          folder,
          config(),
          trainer.model().weights(),
          WordIds.standard().beginning(),
          ElementType.F16);
    }
    byte[] vocabulary = Sprig.tokenizerJson();
    AtomicFile.write(
        folder.resolve("tokenizer.json"), channel -> channel.write(ByteBuffer.wrap(vocabulary)));
  }

  /**
   * Trains the SAEs of the model in a folder at a site of every layer, or at several, and writes
   * them beside it. The vectors are the same in the same order whichever sites are trained.
   */
  public void trainSaes(Path folder, List<Site> sites, Listener listener) {
    SprigRows rows = SprigRows.of(SAE_TEXT_SEED, Mix.standard());
    try (LanguageModel model = ModelLoader.load(folder.toString(), WeightStep.all());
        SaeTraining training =
            new SaeTraining(
                model.transformer(),
                recipes(model.config().layers(), sites),
                new SaeFeed(rows, 32, buffer(), 1),
                workers)) {
      training.run(
          vectors,
          (step, steps, progress) -> {
            if (step % 100 == 0) {
              listener.line(line(step, steps, progress));
            }
          });
      training.trainers().forEach((at, trainer) -> write(folder, model, at, trainer));
    }
  }

  /** Measures the model and the SAEs in a folder and writes their card. */
  public void writeCard(Path folder) {
    try (LanguageModel model = ModelLoader.load(folder.toString(), WeightStep.all());
        Scope scope = Scope.open()) {
      List<Tensor> text = heldOut(batches());
      Map<Location, SaeQuality> qualities = new LinkedHashMap<>();
      for (Location at :
          recipes(model.config().layers(), List.of(Site.Z, Site.RESID_PRE)).keySet()) {
        try (Sae sae = SaeLoader.load(folder.resolve("saes").resolve(at.canonical()))) {
          qualities.put(at, SaeQuality.measure(model.transformer(), sae, text));
        }
      }
      SprigCard.write(folder.resolve("CARD.md"), this, model, qualities);
    }
  }

  private static String line(long step, long steps, Map<Location, SaeTrainer.Progress> progress) {
    StringBuilder line = new StringBuilder("step " + step + " of " + steps);
    progress.forEach(
        (at, p) ->
            line.append(
                String.format(
                    ", %s L0 %.1f error %.2f", at.shortName(), p.activeFeatures(), p.error())));
    return line.toString();
  }

  private Map<Location, SaeRecipe> recipes(int layers, List<Site> sites) {
    Map<Location, SaeRecipe> recipes = new LinkedHashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      for (Site site : sites) {
        recipes.put(
            Location.of(site, layer),
            site == Site.Z
                ? recipe(ATTENTION_WIDTH, ATTENTION_SPARSITY[layer])
                : recipe(RESIDUAL_WIDTH, RESIDUAL_SPARSITY[layer]));
      }
    }
    return recipes;
  }

  /** The paper's recipe with its periods brought to the length of this training. */
  SaeRecipe recipe(int width, double sparsity) {
    int steps = (int) (vectors / SAE_BATCH);
    int period = Math.max(2, steps / 6);
    int warmUp = Math.min(300, period / 2);
    return new SaeRecipe(
        width,
        new SaeObjective.Lasso(sparsity),
        new WarmUp(1.2e-3, warmUp),
        0.9,
        0.99,
        0,
        SAE_BATCH,
        new Resampling(period, 4, period / 2, 1e-5, 16),
        MODEL_SEED);
  }

  private void write(Path folder, LanguageModel model, Location at, SaeTrainer trainer) {
    try (Scope scope = Scope.open();
        Sae sae = trained(at, trainer)) {
      SaeQuality quality = SaeQuality.measure(model.transformer(), sae, heldOut(batches()));
      SaeConfig config =
          new SaeConfig(
              sae.width(),
              sae.features(),
              at.canonical(),
              at.layer(),
              true,
              InputNormalization.NONE,
              at.site().perHead(),
              ModelLoader.SPRIG,
              true,
              Sprig.CONTEXT,
              WeightBasis.PROCESSED,
              SaeSource.made(folder, Map.of()));
      SaeLensWriter.write(
          folder.resolve("saes").resolve(at.canonical()),
          new SaeWeights(
              config,
              new SaeEncoder.Relu(),
              sae.wEnc().floats(),
              sae.wDec().floats(),
              sae.bEnc().floats(),
              sae.bDec().floats(),
              quality.logFrequency()),
          ElementType.F16);
    }
  }

  /** Vectors that are shuffled together; no more than there are in a training that is short. */
  private int buffer() {
    return (int) Math.min(65_536, Math.max(2 * SAE_BATCH, vectors));
  }

  /** Batches of 4,096 tokens to measure on; few for a training that is itself short. */
  private int batches() {
    return (int) Math.max(1, Math.min(8, vectors / 100_000));
  }

  private static Sae trained(Location at, SaeTrainer trainer) {
    return new Sae(
        at,
        new SaeEncoder.Relu(),
        true,
        trainer.wEnc().copy(),
        trainer.bEnc().copy(),
        trainer.wDec().copy(),
        trainer.bDec().copy());
  }

  /** Batches of 32 rows that neither model nor SAEs were trained on, in the caller's scope. */
  public static List<Tensor> heldOut(int count) {
    SprigRows rows = SprigRows.of(HELD_OUT_SEED, Mix.standard());
    List<Tensor> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(Tensor.ofRows(rows.next(32)));
    }
    return batches;
  }
}
