package org.zlens.engine.plan;

import org.zlens.engine.sae.Sae;

/** The work of SAEs beside the passes that their vectors come from. */
public final class SaeCost {
  private static final double CALLS = 12;

  private SaeCost() {}

  /** All activations of so many vectors, worked out in so many goes. */
  public static Cost encode(Sae sae, double vectors, double goes) {
    return some(sae, vectors, goes, sae.features());
  }

  /** The activations of some features alone. */
  public static Cost some(Sae sae, double vectors, double goes, double features) {
    double weights = features * sae.width();
    return new Cost(2 * vectors * weights, 3 * vectors * features, CALLS * goes, goes * weights);
  }

  /** Activations of all features made vectors again. */
  public static Cost decode(Sae sae, double vectors, double goes) {
    double weights = (double) sae.features() * sae.width();
    return new Cost(2 * vectors * weights, vectors * sae.width(), CALLS * goes, goes * weights);
  }

  /** The direct effects of some features on all tokens, and which are the largest. */
  public static Cost favoured(Sae sae, double features, int model, int vocabulary) {
    double effects = features * vocabulary;
    return new Cost(
        2 * features * sae.width() * model + 2 * effects * model, 12 * effects, 4 * CALLS);
  }

  /** Memory of all activations of so many vectors. */
  public static long bytes(Sae sae, double vectors) {
    return (long) (Float.BYTES * vectors * sae.features());
  }
}
