package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Random weights to start training from, the same for the same seed.
 *
 * <p>Normal as in GPT-2 but for the positions, which are waves, with a width that follows the width
 * of the model instead of GPT-2's fixed 0.02; the matrices that write to the residual stream are
 * narrower by the root of their number, so that its variance does not grow with depth.
 */
public final class InitialWeights {
  private final Random random;
  private final double width;

  private InitialWeights(long seed, double width) {
    this.random = new Random(seed);
    this.width = width;
  }

  /** Weights of a model whose unembedding is its embedding; the caller owns them. */
  public static Weights of(ModelConfig config, long seed) {
    if (!config.architecture().equals(Architecture.gpt2(config.dHead()))
        || config.norm() != NormKind.LAYER_NORM) {
      throw new ZlensException(
          Kind.USAGE,
          "models of GPT-2's architecture alone can be trained",
          "others are loaded from a folder: model FOLDER");
    }
    InitialWeights initial = new InitialWeights(seed, 0.5 / Math.sqrt(config.dModel()));
    try (Scope scope = Scope.open()) {
      return initial.weights(config);
    }
  }

  private Weights weights(ModelConfig config) {
    int d = config.dModel();
    int heads = config.heads() * config.dHead();
    int keys = config.keyValueHeads() * config.dHead();
    int mlp = config.dMlp();
    double writing = width / Math.sqrt(2.0 * config.layers());
    Tensor wE = normal(width, config.dVocab(), d);
    Tensor wPos = waves(2 * width, config.context(), d);
    List<BlockWeights> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(
          new BlockWeights(
              constant(1, d),
              constant(0, d),
              normal(width, d, heads),
              constant(0, heads),
              normal(width, d, keys),
              constant(0, keys),
              normal(width, d, keys),
              constant(0, keys),
              normal(writing, heads, d),
              constant(0, d),
              constant(1, d),
              constant(0, d),
              normal(width, d, mlp),
              constant(0, mlp),
              normal(writing, mlp, d),
              constant(0, d)));
    }
    Tensor wU = Scope.release(wE.transpose(0, 1));
    return new Weights(
        wE,
        wPos,
        List.copyOf(blocks),
        constant(1, d),
        constant(0, d),
        wU,
        constant(0, config.dVocab()));
  }

  private Tensor normal(double deviation, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Scope.release(Tensor.of(values, rows, columns));
  }

  /**
   * Sines and cosines of wavelengths from two pi to twice the context. To look one position back is
   * then one rotation for all positions instead of a table to learn, and induction, which waits for
   * it, forms in a fraction of the text.
   */
  private static Tensor waves(double amplitude, int positions, int size) {
    float[] values = new float[positions * size];
    int pairs = size / 2;
    double lowest = Math.PI / positions;
    for (int i = 0; i < 2 * pairs; i++) {
      double frequency = Math.pow(lowest, (i / 2) / (double) pairs);
      for (int position = 0; position < positions; position++) {
        double angle = position * frequency;
        double wave = i % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        values[position * size + i] = (float) (amplitude * wave);
      }
    }
    return Scope.release(Tensor.of(values, positions, size));
  }

  private static Tensor constant(double value, int size) {
    return Scope.release(Tensor.full(value, size));
  }
}
