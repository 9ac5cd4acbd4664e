package org.zlens.engine.sae;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Brings SAEs to the weights of a model: what weight processing does to the vectors at a site, done
 * to an SAE that was trained under other weights, so that it finds the same features (interop 2.3).
 *
 * <pre>
 * z, v         processed = stored - c, c = b_V + ln1.b W_V     b_dec + c, which also moves b_enc
 * the stream   processed = stored - mean(stored)               the mean taken out, and put back
 * normalized   stored = processed gain + bias                  W_enc / gain, W_dec gain, b_dec gain + bias
 * </pre>
 *
 * <p>Under RMSNorm the stream keeps its mean and the hook after a norm comes before its gain, so
 * that there is nothing to convert but value biases.
 *
 * <p>What processing has lost cannot be found again: an SAE of stored weights is refused where the
 * model's constant or mean is gone.
 */
final class Coordinates {
  /** Largest constant of the values, against their weights, that counts as none. */
  private static final double NEGLIGIBLE = 1e-6;

  /** Largest mean of an embedding, against its largest value, that counts as none. */
  private static final double CENTERED = 1e-5;

  private final Transformer model;
  private final Set<WeightStep> steps;

  /** The coordinates of a model whose weights went through the steps. */
  Coordinates(Transformer model, Set<WeightStep> steps) {
    this.model = model;
    this.steps = steps;
  }

  /** The steps that the weights of a model look as if they had gone through. */
  static Set<WeightStep> guess(Transformer model) {
    if (model.config().norm().isFolded()) {
      return WeightStep.all();
    }
    Set<WeightStep> steps = EnumSet.noneOf(WeightStep.class);
    try (Scope scope = Scope.open()) {
      Tensor embedding = model.weights().wE();
      double mean = embedding.mean(1L).abs().max().item();
      if (mean <= CENTERED * embedding.abs().max().item()) {
        steps.add(WeightStep.CENTER_WRITING_WEIGHTS);
      }
    }
    return steps;
  }

  /**
   * Converts an SAE where that is needed.
   *
   * @throws ZlensException of kind DATA that names what is missing, if it cannot be converted; the
   *     SAE is unchanged then
   */
  void convert(Sae sae) {
    switch (sae.location().site()) {
      case Z, V -> values(sae);
      case RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT -> stream(sae);
      case LN1_NORMALIZED, LN2_NORMALIZED -> normalized(sae);
      // Queries, keys and the MLP's inner values are the same whatever is folded.
      default -> {}
    }
  }

  private void values(Sae sae) {
    WeightBasis basis = sae.basis();
    if (!basis.stated()) {
      requireNoConstant(sae);
      return;
    }
    boolean here = steps.contains(WeightStep.FOLD_VALUE_BIASES);
    if (!basis.has(WeightStep.FOLD_VALUE_BIASES)) {
      if (here) {
        throw lost(sae, "value biases in place", "they are folded away in those of this model");
      }
      return;
    }
    boolean norm = basis.has(WeightStep.FOLD_LAYER_NORM) || !centers();
    if (!norm && here && !steps.contains(WeightStep.FOLD_LAYER_NORM)) {
      return;
    }
    if (!norm && steps.contains(WeightStep.FOLD_LAYER_NORM)) {
      throw lost(
          sae,
          "value biases folded but not the norm's",
          "the two cannot be told apart in those of this model");
    }
    try (Scope scope = Scope.open()) {
      BlockWeights block = model.weights().blocks().get(sae.location().layer());
      Tensor constant = norm ? constant(block) : block.bV();
      double size = constant.abs().max().item();
      if (size <= NEGLIGIBLE * block.wV().abs().max().item()) {
        return;
      }
      if (sae.normalization() != InputNormalization.NONE) {
        throw new ZlensException(
            Kind.DATA,
            sae
                + " normalises its input by '"
                + sae.normalization().saeLensName()
                + "', so that the model's value biases cannot be moved into its own",
            "load the model with weight processing (fold_ln and fold_value_biases)");
      }
      Tensor shift = sae.location().site() == Site.Z ? perQueryHead(constant) : constant;
      sae.shift(
          shift.floats(),
          String.format(
              Locale.ROOT,
              "b_dec moved by the value biases of the model (norm %.3g)",
              shift.norm(0).item()));
    }
  }

  /** What the attention of a layer adds to every value: {@code b_V + ln1.b W_V}. */
  private static Tensor constant(BlockWeights block) {
    return block.ln1Bias() == null
        ? block.bV()
        : block.bV().add(block.ln1Bias().matmul(block.wV()));
  }

  private Tensor perQueryHead(Tensor constant) {
    int share = model.config().heads() / model.config().keyValueHeads();
    Tensor perHead = constant.reshape(1, 1, model.config().keyValueHeads(), -1);
    return Kernels.call("repeat_heads", perHead, share).reshape(-1);
  }

  /** Whoever trains on z does it as the paper did, unless the file says otherwise. */
  private void requireNoConstant(Sae sae) {
    try (Scope scope = Scope.open()) {
      BlockWeights block = model.weights().blocks().get(sae.location().layer());
      double size = constant(block).abs().max().item();
      if (size > NEGLIGIBLE * block.wV().abs().max().item()) {
        throw new ZlensException(
            Kind.DATA,
            sae
                + " does not say of which weights it was trained, and this model adds up to "
                + String.format(Locale.ROOT, "%.3g", size)
                + " to each value where folded value biases would add nothing",
            "load the model with weight processing (fold_ln and fold_value_biases)");
      }
    }
  }

  /**
   * Whether the norms of the model centre. Those that do not are seen before their gain, which
   * folding does not change, and have no bias.
   */
  private boolean centers() {
    return model.config().norm().centers();
  }

  /** Whether processing takes the mean out of the stream. */
  private boolean centersStream() {
    return centers() && !model.config().architecture().postNorms();
  }

  private void stream(Sae sae) {
    boolean here = steps.contains(WeightStep.CENTER_WRITING_WEIGHTS);
    if (!sae.basis().stated() || sae.takesOutMean() || !centersStream()) {
      return;
    }
    boolean there = sae.basis().has(WeightStep.CENTER_WRITING_WEIGHTS);
    if (!there && here) {
      throw lost(
          sae,
          "writing weights as stored",
          "those of this model are centred and have no mean left");
    }
    if (there && !here) {
      sae.takeOutMean("the mean over d_model is taken out before encoding and put back after");
    }
  }

  private void normalized(Sae sae) {
    boolean there = sae.basis().has(WeightStep.FOLD_LAYER_NORM);
    boolean here = steps.contains(WeightStep.FOLD_LAYER_NORM);
    if (!sae.basis().stated() || there == here || !centers()) {
      return;
    }
    if (here) {
      throw lost(sae, "the norm's gain in place", "it is folded away in those of this model");
    }
    BlockWeights block = model.weights().blocks().get(sae.location().layer());
    boolean first = sae.location().site() == Site.LN1_NORMALIZED;
    float[] gain = (first ? block.ln1Gain() : block.ln2Gain()).floats();
    float[] bias = (first ? block.ln1Bias() : block.ln2Bias()).floats();
    for (float value : gain) {
      if (value == 0) {
        throw lost(sae, "the norm's gain folded", "a gain of this model is zero");
      }
    }
    if (sae.normalization() != InputNormalization.NONE) {
      throw new ZlensException(
          Kind.DATA,
          sae
              + " normalises its input by '"
              + sae.normalization().saeLensName()
              + "', so that the norm's gain cannot be moved into its weights",
          "load the model with weight processing (fold_ln)");
    }
    sae.stretch(gain, bias, "encoder and decoder scaled by the gain of the model's norm");
  }

  /**
   * Refuses a transcoder that was trained on what a norm gives with its gain where the model's is
   * folded away, or the other way round.
   */
  void require(Transcoder transcoder, WeightBasis basis) {
    boolean there = basis.has(WeightStep.FOLD_LAYER_NORM);
    boolean here = steps.contains(WeightStep.FOLD_LAYER_NORM);
    if (transcoder.input().site() == Site.LN2_NORMALIZED
        && basis.stated()
        && there != here
        && centers()) {
      throw new ZlensException(
          Kind.DATA,
          transcoder
              + " was trained on weights with the norm's gain "
              + (there ? "folded" : "in place")
              + ", and in those of this model it is "
              + (here ? "folded" : "in place"),
          "load the model with the processing that it was trained under: model ... processing");
    }
  }

  private static ZlensException lost(Sae sae, String trained, String why) {
    return new ZlensException(
        Kind.DATA,
        sae + " was trained on weights with " + trained + ", but " + why,
        "load the model with the processing that the SAE was trained under: model ... processing");
  }
}
