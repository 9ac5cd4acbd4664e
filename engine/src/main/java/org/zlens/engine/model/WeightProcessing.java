package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Turns weights as stored into the basis that SAEs are trained in. The large ones change in place,
 * so that none of them exists twice at any time.
 *
 * <p>The algebra is that of TransformerLens (paper-spec A.0): probabilities stay, the residual
 * stream loses its mean, and values and z lose the constant {@code b_V + ln1.b W_V}. Under RMSNorm
 * gains are folded and the stream keeps its mean; capped logits keep theirs.
 */
public final class WeightProcessing {
  /** Changes with every change of what the steps compute, so that older results are not used. */
  static final String VERSION = "zlens weights 1";

  private final Set<WeightStep> steps;
  private final ModelConfig config;

  private WeightProcessing(Set<WeightStep> steps, ModelConfig config) {
    this.steps = steps;
    this.config = config;
  }

  /** The configuration of a model after the steps. */
  public static ModelConfig config(ModelConfig config, Set<WeightStep> steps) {
    return steps.contains(WeightStep.FOLD_LAYER_NORM)
        ? config.withNorm(config.norm().folded())
        : config;
  }

  /**
   * Processes weights; the argument is used up and its replaced tensors are freed.
   *
   * @param config the configuration before the steps
   */
  public static Weights apply(Weights weights, ModelConfig config, Set<WeightStep> steps) {
    return new WeightProcessing(steps, config).apply(weights);
  }

  private Weights apply(Weights w) {
    // An unembedding that is a view of the embedding gets memory of its own before either changes.
    boolean tied = !steps.isEmpty() && Weights.isTranspose(w.wU(), w.wE());
    Tensor wU = tied ? replace(w.wU(), w.wU().copy()) : w.wU();
    Unembedding last = unembedding(new Unembedding(w.finalGain(), w.finalBias(), wU, w.bU()));
    List<BlockWeights> blocks = new ArrayList<>();
    for (BlockWeights block : w.blocks()) {
      try (Scope scope = Scope.open()) {
        blocks.add(block(block));
      }
    }
    Embedding first = embedding(new Embedding(w.wE(), w.wPos()));
    return new Weights(
        first.wE(),
        first.wPos(),
        List.copyOf(blocks),
        last.finalGain(),
        last.finalBias(),
        last.wU(),
        last.bU());
  }

  /** Processing of weights a part at a time; what is given to it is used up likewise. */
  static WeightProcessing of(ModelConfig config, Set<WeightStep> steps) {
    return new WeightProcessing(steps, config);
  }

  Embedding embedding(Embedding w) {
    return new Embedding(writing(w.wE()), writing(w.wPos()));
  }

  Unembedding unembedding(Unembedding w) {
    boolean fold = folds();
    Tensor bU = fold ? foldedBias(w.bU(), w.wU(), w.finalBias()) : w.bU();
    if (fold) {
      fold(w.wU(), w.finalGain());
    }
    // What is taken from all logits is not taken from capped ones.
    if (steps.contains(WeightStep.CENTER_UNEMBED) && config.architecture().logitCap() == 0) {
      Kernels.run("center_rows", List.of(w.wU()));
      bU = replace(bU, bU.sub(bU.mean()));
    }
    return new Unembedding(
        fold ? gone(w.finalGain()) : w.finalGain(),
        fold ? gone(w.finalBias()) : w.finalBias(),
        w.wU(),
        bU);
  }

  private boolean folds() {
    return steps.contains(WeightStep.FOLD_LAYER_NORM) && !config.norm().isFolded();
  }

  BlockWeights block(BlockWeights w) {
    boolean fold = folds();
    Tensor bQ = fold ? foldedBias(w.bQ(), w.wQ(), w.ln1Bias()) : w.bQ();
    Tensor bK = fold ? foldedBias(w.bK(), w.wK(), w.ln1Bias()) : w.bK();
    Tensor bV = fold ? foldedBias(w.bV(), w.wV(), w.ln1Bias()) : w.bV();
    Tensor bIn = fold ? foldedBias(w.bIn(), w.wIn(), w.ln2Bias()) : w.bIn();
    Tensor bGate = fold ? foldedBias(w.bGate(), w.wGate(), w.ln2Bias()) : w.bGate();
    Tensor wO = writing(w.wO());
    Tensor bO = writing(w.bO());
    if (steps.contains(WeightStep.FOLD_VALUE_BIASES)) {
      int share = config.heads() / config.keyValueHeads();
      Tensor perHead = bV.reshape(1, 1, config.keyValueHeads(), -1);
      Tensor repeated = Kernels.call("repeat_heads", perHead, share).reshape(-1);
      bO = replace(bO, bO.add(repeated.matmul(wO)));
      bV = replace(bV, bV.mul(0));
    }
    if (fold) {
      fold(w.wQ(), w.ln1Gain());
      fold(w.wK(), w.ln1Gain());
      fold(w.wV(), w.ln1Gain());
      fold(w.wIn(), w.ln2Gain());
      fold(w.wGate(), w.ln2Gain());
    }
    return new BlockWeights(
        fold ? gone(w.ln1Gain()) : w.ln1Gain(),
        fold ? gone(w.ln1Bias()) : w.ln1Bias(),
        w.wQ(),
        bQ,
        w.wK(),
        bK,
        w.wV(),
        bV,
        wO,
        bO,
        fold ? gone(w.ln2Gain()) : w.ln2Gain(),
        fold ? gone(w.ln2Bias()) : w.ln2Bias(),
        w.wIn(),
        bIn,
        writing(w.wOut()),
        writing(w.bOut()),
        w.wGate(),
        bGate,
        w.ln1PostGain(),
        w.ln2PostGain());
  }

  /**
   * In place: {@code diag(gain) W}, and of a norm that centres without its mean over d_model, the
   * axis it reads from.
   */
  private void fold(Tensor weight, Tensor gain) {
    if (weight != null) {
      Kernels.run("fold_gain", List.of(weight), gain, config.norm().centers());
    }
  }

  private static Tensor foldedBias(Tensor bias, Tensor weight, Tensor normBias) {
    return bias == null || normBias == null
        ? bias
        : replace(bias, bias.add(normBias.matmul(weight)));
  }

  /** Only a norm that centres what it reads leaves the mean of what is written without effect. */
  private Tensor writing(Tensor weight) {
    if (weight != null
        && steps.contains(WeightStep.CENTER_WRITING_WEIGHTS)
        && config.norm().centers()
        && !config.architecture().postNorms()) {
      Kernels.run("center_rows", List.of(weight));
    }
    return weight;
  }

  private static Tensor replace(Tensor before, Tensor after) {
    Scope.release(after);
    before.close();
    return after;
  }

  private static Tensor gone(Tensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
    return null;
  }
}
