package org.zlens.engine.measure;

import java.util.Arrays;
import org.zlens.engine.attribute.LogitEffect;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The tokens that features of an SAE favour and oppose most by their direct logit effect.
 *
 * @param favoured for each feature the tokens that it favours most, falling
 * @param opposed for each feature the tokens that it opposes most, the most opposed first
 */
public record FavouredTokens(int[][] favoured, int[][] opposed) {
  /** Effects that are held at once, so that wide SAEs of large vocabularies fit into memory. */
  private static final int LARGEST = 1 << 24;

  /** The tokens of some features, in their order, so many of each side. */
  public static FavouredTokens of(Transformer model, Sae sae, int count, int... features) {
    int vocabulary = model.config().dVocab();
    int most = Math.min(count, vocabulary);
    int[][] favoured = new int[features.length][];
    int[][] opposed = new int[features.length][];
    int step = Math.max(1, LARGEST / vocabulary);
    for (int from = 0; from < features.length; from += step) {
      try (Scope scope = Scope.open()) {
        int to = Math.min(features.length, from + step);
        Tensor effects = LogitEffect.some(model, sae, Arrays.copyOfRange(features, from, to));
        fill(effects, most, from, favoured);
        fill(effects.mul(-1), most, from, opposed);
      }
    }
    return new FavouredTokens(favoured, opposed);
  }

  private static void fill(Tensor effects, int most, int from, int[][] rows) {
    long[] tokens = effects.topK(most, -1).indices().longs();
    for (int row = 0; row < tokens.length / most; row++) {
      rows[from + row] =
          Arrays.stream(tokens, row * most, (row + 1) * most).mapToInt(Math::toIntExact).toArray();
    }
  }
}
