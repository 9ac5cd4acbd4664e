package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.Random;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.Transcoder;
import org.zlens.engine.sae.WeightBasis;

/**
 * A clean run of a random model: norms folded or not, either GELU, heads that share values or not,
 * as GPT-2, GELU-2L and Gemma have them; with SAEs of several kinds in most places and transcoders
 * of some MLPs, with and without a skip.
 */
final class RandomRun implements AutoCloseable {
  static final int FEATURES = 24;
  static final int POSITIONS = 7;

  private final RandomModel holder;
  private final ModelConfig config;
  private final Random random;
  private final Tensor tokens;
  private final CleanRun run;

  /** Makes the tensors in the caller's scope. */
  RandomRun(long seed) {
    this(new Random(seed), seed, -1);
  }

  /** The same of one of the families of models. */
  static RandomRun family(int number, long seed) {
    return new RandomRun(new Random(seed), seed, number);
  }

  private RandomRun(Random random, long seed, int family) {
    this.random = random;
    holder = family < 0 ? RandomModel.of(seed, config(random)) : RandomModel.family(family, seed);
    config = holder.model().config();
    for (int layer = 0; layer < config.layers(); layer++) {
      if (layer == config.layers() - 1 || random.nextInt(4) > 0) {
        attach(Location.of(Site.Z, layer), config.heads() * config.dHead());
      }
      attach(Location.of(Site.RESID_PRE, layer), config.dModel());
      if (random.nextBoolean() && config.dMlp() > 0) {
        attachTranscoder(layer);
      }
    }
    tokens = holder.tokens(2, POSITIONS);
    run = CleanRun.of(holder.saes(), tokens);
  }

  private static ModelConfig config(Random random) {
    int keyHeads = 1 + random.nextInt(2);
    return new ModelConfig(
        1 + random.nextInt(4),
        12,
        keyHeads * (1 + random.nextInt(2)),
        keyHeads,
        4,
        18,
        12,
        17,
        random.nextBoolean() ? NormKind.LAYER_NORM : NormKind.LAYER_NORM_PRE,
        1e-5,
        random.nextBoolean() ? ActivationKind.GELU : ActivationKind.GELU_TANH);
  }

  private void attach(Location at, int width) {
    SaeEncoder encoder =
        random.nextBoolean() ? new SaeEncoder.Relu() : new SaeEncoder.TopK(5, false);
    InputNormalization normalization =
        InputNormalization.values()[random.nextInt(InputNormalization.values().length)];
    holder
        .saes()
        .attach(
            new Sae(
                at,
                config.norm().isFolded() ? WeightBasis.UNSTATED : WeightBasis.RAW,
                encoder,
                normalization,
                random.nextBoolean(),
                holder.normal(0.5, width, FEATURES),
                holder.normal(0.3, FEATURES),
                holder.normal(0.3, FEATURES, width),
                holder.normal(0.3, width)));
  }

  private void attachTranscoder(int layer) {
    int width = config.dModel();
    Site[] inputs = {Site.LN2_NORMALIZED, Site.MLP_IN, config.mlpStream()};
    float[] thresholds = new float[FEATURES];
    Arrays.fill(thresholds, 0.2f);
    holder
        .saes()
        .attach(
            new Transcoder(
                Location.of(inputs[random.nextInt(inputs.length)], layer),
                Location.of(Site.MLP_OUT, layer),
                random.nextBoolean() ? new SaeEncoder.Relu() : new SaeEncoder.JumpRelu(thresholds),
                InputNormalization.NONE,
                holder.normal(0.5, width, FEATURES),
                holder.normal(0.3, FEATURES),
                holder.normal(0.3, FEATURES, width),
                holder.normal(0.3, width),
                random.nextBoolean() ? holder.normal(0.3, width, width) : null),
            WeightBasis.UNSTATED);
  }

  CleanRun run() {
    return run;
  }

  /** What another pass over the same tokens has at a location. */
  Tensor scores(Location at) {
    return holder.model().forward(tokens, Hooks.none().capture(at)).get(at);
  }

  /** A run of the first tokens alone. */
  CleanRun prefix(int length) {
    return CleanRun.of(holder.saes(), tokens.slice(1, 0, length));
  }

  ModelConfig config() {
    return config;
  }

  Random random() {
    return random;
  }

  @Override
  public void close() {
    holder.close();
  }
}
