package org.zlens.engine.dashboard;

import java.util.Arrays;
import java.util.function.Consumer;
import org.zlens.engine.attribute.HeadAttribution;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** Makes the cards of features from the statistics of a text and from the weights. */
public final class FeatureCards {
  /** Tokens that are shown on either side, as many as the paper shows. */
  public static final int TOKENS = 20;

  /** Features that are shown as related. */
  public static final int RELATED = 10;

  private final Transformer model;
  private final Sae sae;
  private final FeatureStatistics statistics;

  /**
   * Cards of the features of an SAE.
   *
   * @param model with the weights as they are; edits in force have no part in directions
   */
  public FeatureCards(Transformer model, Sae sae, FeatureStatistics statistics) {
    this.model = model;
    this.sae = sae;
    this.statistics = statistics;
  }

  /**
   * Makes cards, in the order of the features given, some at a time.
   *
   * @param cards each is handed on and not kept
   */
  public void forEach(int[] features, Progress progress, Consumer<FeatureCard> cards) {
    CoActivity together = new CoActivity(statistics);
    try (Scope scope = Scope.open()) {
      DecoderNeighbours neighbours = new DecoderNeighbours(sae);
      float[] constants = isAttributed() ? sae.constants().floats() : new float[0];
      int step = Math.min(LogitReach.atOnce(model), DecoderNeighbours.atOnce(sae));
      for (int from = 0; from < features.length; from += step) {
        progress.step(from, features.length);
        int[] some = Arrays.copyOfRange(features, from, Math.min(features.length, from + step));
        LogitReach[] logits = LogitReach.of(model, sae, TOKENS, some);
        Related[] alike = neighbours.of(RELATED, some);
        float[][] heads = heads(some);
        for (int i = 0; i < some.length; i++) {
          double constant = isAttributed() ? constants[some[i]] : Double.NaN;
          Related active = together.of(some[i], RELATED);
          cards.accept(card(some[i], constant, heads[i], logits[i], active, alike[i]));
        }
      }
      progress.step(features.length, features.length);
    }
  }

  private boolean isAttributed() {
    return sae.location().site() == Site.Z;
  }

  private float[][] heads(int[] features) {
    float[][] shares = new float[features.length][0];
    if (isAttributed()) {
      int heads = model.config().heads();
      try (Scope scope = Scope.open()) {
        float[] all = HeadAttribution.some(sae, model.config(), features).floats();
        Arrays.setAll(shares, i -> Arrays.copyOfRange(all, i * heads, (i + 1) * heads));
      }
    }
    return shares;
  }

  private FeatureCard card(
      int feature,
      double constant,
      float[] heads,
      LogitReach logits,
      Related together,
      Related alike) {
    return new FeatureCard(
        sae.location().layer(),
        feature,
        sae.address(feature),
        statistics.tokens(),
        statistics.fired(feature),
        statistics.isProxied() ? statistics.holds() : -1,
        constant,
        statistics.strongest(feature),
        statistics.bands(feature),
        statistics.histogram(feature),
        heads,
        logits,
        together,
        alike);
  }
}
