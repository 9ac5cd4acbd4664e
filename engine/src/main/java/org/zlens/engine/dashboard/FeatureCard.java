package org.zlens.engine.dashboard;

import java.util.List;

/**
 * All that is shown of a feature (paper-spec E.1, E.2).
 *
 * @param layer of its SAE
 * @param feature index in its SAE
 * @param address such as {@code L5.F44256}
 * @param tokens places of the text that count
 * @param fired places at which it is active
 * @param holds places at which the proxy holds; -1 without one
 * @param constant what is left of its pre-activation beside what sources bring (A.4); NaN of a
 *     feature that has no sources
 * @param strongest its strongest places, falling
 * @param bands its bands of activation, falling
 * @param activations how many places have which activation
 * @param heads the share of each head in its decoder direction (A.3); empty where there are none
 * @param logits its direct logit effects
 * @param together features that are active together with it
 * @param alike features whose decoder directions are near its own
 */
public record FeatureCard(
    int layer,
    int feature,
    String address,
    long tokens,
    long fired,
    long holds,
    double constant,
    List<KeptExample> strongest,
    List<ActivationBand> bands,
    ActivationHistogram activations,
    float[] heads,
    LogitReach logits,
    Related together,
    Related alike) {
  /** Keeps the lists from changing. */
  public FeatureCard {
    strongest = List.copyOf(strongest);
    bands = List.copyOf(bands);
  }

  /** Share of the places at which it is active. */
  public double density() {
    return tokens == 0 ? 0 : (double) fired / tokens;
  }

  /** The largest activation; 0 if it is never active. */
  public float largest() {
    return strongest.isEmpty() ? 0 : strongest.get(0).activation();
  }

  /** Places at which it is active and the proxy holds. */
  public long both() {
    long both = 0;
    for (int count : activations.proxy()) {
      both += count;
    }
    return both;
  }
}
