package org.zlens.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.AttentionRules;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.PositionScheme;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.sae.WeightBasis;

/**
 * A small transformer of GPT-2's shape with random weights, on processed weights or with gains and
 * biases of its own, and random SAEs for it. The same seed gives the same numbers.
 */
public final class RandomModel implements AutoCloseable {
  private final Random random;
  private final ModelConfig config;
  private final Transformer model;
  private final SaeSet saes;

  private RandomModel(long seed, ModelConfig config) {
    this.random = new Random(seed);
    this.config = config;
    try (Scope scope = Scope.open()) {
      this.model = new Transformer(config, weights());
    }
    this.saes = new SaeSet(model);
  }

  /** A model with norms folded and no value biases, 3 layers of 4 heads of 6. */
  public static RandomModel processed(long seed) {
    return new RandomModel(seed, config(4, NormKind.LAYER_NORM_PRE));
  }

  /** A model in which two value heads are shared by four query heads. */
  public static RandomModel grouped(long seed) {
    return new RandomModel(seed, config(2, NormKind.LAYER_NORM_PRE));
  }

  /** A model with gains and biases in every norm, and value biases. */
  public static RandomModel raw(long seed) {
    return new RandomModel(seed, config(4, NormKind.LAYER_NORM));
  }

  /** A model of attention alone with norms folded, as Neel Nanda's {@code attn-only-2l} is. */
  public static RandomModel attentionOnly(long seed) {
    Architecture own = Architecture.gpt2(6).with(MlpKind.NONE);
    return new RandomModel(seed, config(4, 0, NormKind.LAYER_NORM_PRE, ActivationKind.GELU, own));
  }

  /**
   * A model in the manner of Gemma: RMSNorm with gains in place, all of a head turning, one key and
   * value head, an MLP with tanh-GELU gates.
   */
  public static RandomModel gemma(long seed) {
    Architecture own = Architecture.llama(6, new PositionScheme.Rotary(100, 6));
    return new RandomModel(seed, config(1, 32, NormKind.RMS, ActivationKind.GELU_TANH, own));
  }

  /**
   * A model in the manner of Gemma 2: norms after attention and MLP too, soft caps on scores and
   * logits, every other block seeing three positions alone.
   */
  public static RandomModel gemma2(long seed) {
    Architecture own =
        Architecture.llama(6, new PositionScheme.Rotary(100, 6))
            .with(new AttentionRules(0.3, 2, List.of(3, 0, 3)))
            .withPostNorms()
            .withLogitCap(3);
    return new RandomModel(seed, config(2, 32, NormKind.RMS_PRE, ActivationKind.GELU_TANH, own));
  }

  /**
   * A model in the manner of Llama, Mistral and Qwen 2: RMSNorm folded, two key and value heads,
   * biases of queries, keys and values, an MLP with SiLU gates.
   */
  public static RandomModel llama(long seed) {
    Architecture own = Architecture.llama(6, new PositionScheme.Rotary(100, 6));
    return new RandomModel(seed, config(2, 32, NormKind.RMS_PRE, ActivationKind.SILU, own));
  }

  /**
   * A model in the manner of GPT-NeoX: attention and MLP side by side, a third of each head
   * turning, norms with gains and biases.
   */
  public static RandomModel neox(long seed) {
    Architecture own = Architecture.neox(6, new PositionScheme.Rotary(100, 2));
    return new RandomModel(seed, config(4, 32, NormKind.LAYER_NORM, ActivationKind.GELU, own));
  }

  /** One of every family in turn. */
  public static RandomModel family(int number, long seed) {
    return switch (Math.floorMod(number, 8)) {
      case 0 -> processed(seed);
      case 1 -> grouped(seed);
      case 2 -> raw(seed);
      case 3 -> attentionOnly(seed);
      case 4 -> gemma(seed);
      case 5 -> gemma2(seed);
      case 6 -> llama(seed);
      default -> neox(seed);
    };
  }

  /** A model of any sizes and kinds. */
  public static RandomModel of(long seed, ModelConfig config) {
    return new RandomModel(seed, config);
  }

  private static ModelConfig config(int keyValueHeads, NormKind norm) {
    return config(keyValueHeads, 32, norm, ActivationKind.GELU_TANH, Architecture.gpt2(6));
  }

  private static ModelConfig config(
      int keyValueHeads,
      int mlp,
      NormKind norm,
      ActivationKind activation,
      Architecture architecture) {
    return new ModelConfig(
        3, 20, 4, keyValueHeads, 6, mlp, 24, 50, norm, 1e-5, activation, architecture);
  }

  /** This model with an attention and a residual SAE for each layer, of so many features. */
  public RandomModel withSaes(int features) {
    return withSaes(features, new SaeEncoder.Relu(), InputNormalization.NONE);
  }

  /** The same of another kind. */
  public RandomModel withSaes(int features, SaeEncoder encoder, InputNormalization normalization) {
    for (int layer = 0; layer < config.layers(); layer++) {
      int heads = config.heads() * config.dHead();
      saes.attach(sae(Location.of(Site.Z, layer), heads, features, encoder, normalization));
      saes.attach(
          sae(
              Location.of(Site.RESID_PRE, layer),
              config.dModel(),
              features,
              encoder,
              normalization));
    }
    return this;
  }

  /** A random SAE; the caller closes it unless it is attached. */
  public Sae sae(Location location, int width, int features) {
    return sae(location, width, features, new SaeEncoder.Relu(), InputNormalization.NONE);
  }

  /** The same of another kind. */
  public Sae sae(
      Location location,
      int width,
      int features,
      SaeEncoder encoder,
      InputNormalization normalization) {
    try (Scope scope = Scope.open()) {
      return new Sae(
          location,
          config.norm().isFolded() ? WeightBasis.UNSTATED : WeightBasis.RAW,
          encoder,
          normalization,
          true,
          normal(0.5, width, features),
          normal(0.3, features),
          normal(0.3, features, width),
          normal(0.3, width));
    }
  }

  /** Random tokens {@code [batch, pos]}. */
  public Tensor tokens(int batch, int positions) {
    return Tensor.of(
        random.longs((long) batch * positions, 0, config.dVocab()).toArray(), batch, positions);
  }

  /** Normally distributed values. */
  public Tensor normal(double deviation, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Tensor.of(values, shape);
  }

  private Tensor own(double deviation, long... shape) {
    return Scope.release(normal(deviation, shape));
  }

  private Tensor gain() {
    return config.norm().isFolded() ? null : ones();
  }

  private Tensor ones() {
    return Scope.release(normal(0.2, config.dModel()).add(1));
  }

  private Tensor bias() {
    return config.norm() == NormKind.LAYER_NORM ? own(0.2, config.dModel()) : null;
  }

  private Weights weights() {
    int d = config.dModel();
    List<BlockWeights> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(block(d));
    }
    return new Weights(
        own(0.8, config.dVocab(), d),
        config.has(Site.POS_EMBED) ? own(0.3, config.context(), d) : null,
        List.copyOf(blocks),
        gain(),
        bias(),
        own(0.3, d, config.dVocab()),
        own(0.3, config.dVocab()));
  }

  private BlockWeights block(int d) {
    int queries = config.heads() * config.dHead();
    int values = config.keyValueHeads() * config.dHead();
    boolean raw = !config.norm().isFolded();
    boolean mlp = config.hasMlp();
    boolean gated = config.has(Site.PRE_LINEAR);
    boolean posts = config.architecture().postNorms();
    return new BlockWeights(
        gain(),
        bias(),
        own(0.3, d, queries),
        own(0.3, queries),
        own(0.3, d, values),
        own(0.3, values),
        own(0.3, d, values),
        own(raw ? 0.3 : 0, values),
        own(0.3, queries, d),
        own(0.3, d),
        mlp ? gain() : null,
        mlp ? bias() : null,
        mlp ? own(0.3, d, config.dMlp()) : null,
        mlp ? own(0.3, config.dMlp()) : null,
        mlp ? own(0.3, config.dMlp(), d) : null,
        mlp ? own(0.3, d) : null,
        gated ? own(0.3, d, config.dMlp()) : null,
        gated ? own(0.3, config.dMlp()) : null,
        posts ? ones() : null,
        posts && mlp ? ones() : null);
  }

  /** The model. */
  public Transformer model() {
    return model;
  }

  /** Its SAEs. */
  public SaeSet saes() {
    return saes;
  }

  @Override
  public void close() {
    saes.close();
    model.weights().close();
  }
}
