package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What a feature's decoder direction adds to each logit by the direct path, per unit of activation
 * and before the scales of norms on the way: {@code d W_O W_U} (paper-spec A.10).
 *
 * @param address the feature
 * @param effects {@code [d_vocab]}
 */
public record LogitEffect(String address, float[] effects) {
  /** A token and its effect. */
  public record TokenEffect(int token, double effect) {}

  /**
   * The effect of one feature of an SAE on z or on the residual stream.
   *
   * @throws ZlensException if there is no such feature, or the SAE writes elsewhere
   */
  public static LogitEffect of(Transformer model, Sae sae, int feature) {
    sae.requireFeature(feature);
    try (Scope scope = Scope.open()) {
      float[] effects = effects(model, sae, sae.directions(feature)).reshape(-1).floats();
      return new LogitEffect(sae.address(feature), effects);
    }
  }

  /** The effects of all features, {@code [feature, d_vocab]}. */
  public static Tensor all(Transformer model, Sae sae) {
    return effects(model, sae, sae.wDec());
  }

  /** The effects of some features, {@code [features.length, d_vocab]}. */
  public static Tensor some(Transformer model, Sae sae, int... features) {
    return effects(model, sae, sae.directions(features));
  }

  private static Tensor effects(Transformer model, Sae sae, Tensor directions) {
    Weights weights = model.weights();
    Tensor stream =
        switch (sae.location().site()) {
          case Z -> written(model, sae, directions);
          case RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT -> directions;
          default ->
              throw new ZlensException(
                  Kind.TYPE,
                  sae + " does not write to the residual stream",
                  "direct logit effects are for SAEs on z and on the residual stream");
        };
    Tensor read = weights.finalGain() == null ? stream : stream.mul(weights.finalGain());
    return Kernels.call("rows_times", read, weights.wU());
  }

  private static Tensor written(Transformer model, Sae sae, Tensor directions) {
    BlockWeights block = model.weights().blocks().get(sae.location().layer());
    Tensor out = directions.matmul(block.wO());
    return block.ln1PostGain() == null ? out : out.mul(block.ln1PostGain());
  }

  /** Tokens that the feature favours most, falling. */
  public List<TokenEffect> top(int count) {
    return sorted(count, 1);
  }

  /** Tokens that the feature opposes most, rising. */
  public List<TokenEffect> bottom(int count) {
    return sorted(count, -1);
  }

  private List<TokenEffect> sorted(int count, int sign) {
    try (Scope scope = Scope.open()) {
      Tensor signed = Tensor.of(effects, effects.length).mul(sign);
      long[] tokens = signed.topK(Math.min(count, effects.length), 0).indices().longs();
      List<TokenEffect> found = new ArrayList<>();
      for (long token : tokens) {
        found.add(new TokenEffect((int) token, effects[(int) token]));
      }
      return found;
    }
  }
}
