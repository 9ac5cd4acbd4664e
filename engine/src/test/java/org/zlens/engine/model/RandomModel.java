package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Models of any size with small random weights: real behaviour without a file. */
public final class RandomModel {
  private final SplittableRandom random;
  private final ModelConfig config;

  private RandomModel(ModelConfig config, long seed) {
    this.config = config;
    this.random = new SplittableRandom(seed);
  }

  /** Weights for a configuration with folded norms; the caller closes them. */
  public static Weights weights(ModelConfig config, long seed) {
    return new RandomModel(config, seed).weights();
  }

  /** A GPT-2 with folded norms. */
  public static ModelConfig config(int layers, int dModel, int heads, int context, int dVocab) {
    return new ModelConfig(
        layers,
        dModel,
        heads,
        heads,
        dModel / heads,
        4 * dModel,
        context,
        dVocab,
        NormKind.LAYER_NORM_PRE,
        1e-5,
        ActivationKind.GELU_TANH);
  }

  private Weights weights() {
    int d = config.dModel();
    int mlp = config.dMlp();
    List<BlockWeights> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(
          new BlockWeights(
              null,
              null,
              tensor(d, d),
              tensor(d),
              tensor(d, d),
              tensor(d),
              tensor(d, d),
              tensor(d),
              tensor(d, d),
              tensor(d),
              null,
              null,
              tensor(d, mlp),
              tensor(mlp),
              tensor(mlp, d),
              tensor(d)));
    }
    Tensor wE = tensor(config.dVocab(), d);
    Tensor wPos = tensor(config.context(), d);
    Tensor wU = tensor(d, config.dVocab());
    return new Weights(wE, wPos, List.copyOf(blocks), null, null, wU, tensor(config.dVocab()));
  }

  private Tensor tensor(long... shape) {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.zeros(shape);
      double scale = 1 / Math.sqrt(shape[0]);
      tensor.write(
          buffer -> {
            while (buffer.hasRemaining()) {
              buffer.putFloat((float) (scale * (2 * random.nextDouble() - 1)));
            }
          });
      return Scope.release(tensor);
    }
  }
}
