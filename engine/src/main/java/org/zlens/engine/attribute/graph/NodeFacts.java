package org.zlens.engine.attribute.graph;

/**
 * What is known of a node of a graph.
 *
 * @param token id of the token at its position, -1 if it has none
 * @param activation of a feature, NaN for others
 * @param total what the edges into it are parts of: the pre-activation of a feature, a logit; NaN
 *     for a node that was not split
 */
public record NodeFacts(int token, double activation, double total) {
  /** A node that was not split. */
  public static NodeFacts leaf(int token, double activation) {
    return new NodeFacts(token, activation, Double.NaN);
  }

  /** Whether edges lead into it. */
  public boolean isSplit() {
    return !Double.isNaN(total);
  }
}
