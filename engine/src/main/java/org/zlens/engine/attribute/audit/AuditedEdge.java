package org.zlens.engine.attribute.audit;

import org.zlens.engine.attribute.graph.GraphEdge;

/**
 * An edge with what the real model says of it. Each number is what the child loses, in the units of
 * its pre-activation or logit, when the parent's vector is taken away; they differ in what is
 * worked out again.
 *
 * @param edge the edge; its {@code exact} is the exact effect
 * @param direct the effect where the parent is missing from what the child's own layer reads, and
 *     nowhere else: norm, pattern, values and the SAE's norm of that layer are worked out again. It
 *     differs from the estimate by what is not linear in that layer alone. NaN for what comes to
 *     the child by way of a head or an MLP in between
 * @param exact the effect in the real model: the parent missing where it is written, everything
 *     downstream worked out again. It differs from {@code direct} by what reaches the child by
 *     other layers
 * @param size of the child's number in the clean run, that without which nothing is small
 */
public record AuditedEdge(GraphEdge edge, double direct, double exact, double size) {
  /** The linear estimate: what the parent contributes with everything held fixed. */
  public double estimate() {
    return edge.contribution();
  }

  /** The exact effect minus the estimate. */
  public double gap() {
    return exact - estimate();
  }

  /** How far the estimate is from the exact effect. */
  public Trust trust() {
    return Trust.of(estimate(), exact, size);
  }
}
