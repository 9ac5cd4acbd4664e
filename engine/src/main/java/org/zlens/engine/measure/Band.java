package org.zlens.engine.measure;

/**
 * A band of activations, and how many places lie in it with a proxy and without.
 *
 * @param from lowest activation
 * @param to highest activation; only in the last band it belongs to the band itself
 * @param proxy places at which the proxy holds
 * @param other places at which it does not
 */
public record Band(double from, double to, long proxy, long other) {
  /** The activation in the middle. */
  public double centre() {
    return (from + to) / 2;
  }

  /** Share of the places that have the proxy; NaN of an empty band. */
  public double share() {
    return proxy / (double) (proxy + other);
  }
}
