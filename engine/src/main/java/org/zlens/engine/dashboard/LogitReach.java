package org.zlens.engine.dashboard;

import java.nio.FloatBuffer;
import org.zlens.engine.attribute.LogitEffect;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The direct logit effects of a feature (paper-spec A.10): the tokens that it favours and opposes
 * most, and how many tokens have which effect.
 *
 * @param favoured tokens by falling effect, of equals the lower first
 * @param opposed tokens by rising effect, likewise
 * @param least smallest effect of all
 * @param most largest effect of all
 * @param counts how many tokens have an effect in each of the bins of one width between them
 */
public record LogitReach(Related favoured, Related opposed, float least, float most, int[] counts) {
  /** Bins, as many as those of the field's usual dashboards. */
  public static final int BINS = 40;

  /** Effects that are held at once. */
  private static final int LARGEST = 1 << 24;

  /** How many features are best asked for at once. */
  public static int atOnce(Transformer model) {
    return Math.max(1, LARGEST / model.config().dVocab());
  }

  /** The effects of some features. */
  public static LogitReach[] of(Transformer model, Sae sae, int count, int... features) {
    LogitReach[] found = new LogitReach[features.length];
    try (Scope scope = Scope.open()) {
      Tensor effects = LogitEffect.some(model, sae, features);
      effects.read(
          bytes -> {
            FloatBuffer all = bytes.asFloatBuffer();
            float[] row = new float[model.config().dVocab()];
            for (int i = 0; i < found.length; i++) {
              all.get(row);
              found[i] = of(row, count);
            }
          });
    }
    return found;
  }

  private static LogitReach of(float[] effects, int count) {
    Related.Best favoured = new Related.Best(count);
    Related.Best opposed = new Related.Best(count);
    float high = Float.NEGATIVE_INFINITY;
    float low = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < effects.length; token++) {
      float effect = effects[token];
      if (effect > high) {
        favoured.offer(token, effect);
        high = favoured.least();
      }
      if (-effect > low) {
        opposed.offer(token, -effect);
        low = opposed.least();
      }
    }
    Related best = favoured.related();
    Related worst = opposed.related();
    for (int i = 0; i < worst.values().length; i++) {
      worst.values()[i] = -worst.values()[i];
    }
    float least = worst.values()[0];
    float most = best.values()[0];
    int[] counts = new int[BINS];
    float perEffect = most > least ? BINS / (most - least) : 0;
    for (float effect : effects) {
      counts[Math.min(BINS - 1, (int) ((effect - least) * perEffect))]++;
    }
    return new LogitReach(best, worst, least, most, counts);
  }
}
