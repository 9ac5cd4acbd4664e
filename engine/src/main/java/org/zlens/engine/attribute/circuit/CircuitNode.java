package org.zlens.engine.attribute.circuit;

/**
 * A node of a circuit of features: a feature, or the error term, of one of its SAEs at a place that
 * prompts share.
 *
 * @param sae number of the SAE among those of the circuit
 * @param feature index of the feature, -1 for the error term
 * @param place number of the place
 */
public record CircuitNode(int sae, int feature, int place) {
  /** The error term of an SAE at a place. */
  public static CircuitNode error(int sae, int place) {
    return new CircuitNode(sae, -1, place);
  }

  /** Whether it is an error term. */
  public boolean isError() {
    return feature < 0;
  }
}
