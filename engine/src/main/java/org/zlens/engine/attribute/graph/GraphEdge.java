package org.zlens.engine.attribute.graph;

/**
 * What one number adds to another.
 *
 * @param from the number upstream
 * @param to the number that it adds to
 * @param contribution what it adds, a part of {@code to}'s total
 * @param exact what removing {@code from} was measured to take from {@code to}; NaN where nobody
 *     has measured
 */
public record GraphEdge(GraphNode from, GraphNode to, double contribution, double exact) {
  /** Refuses an edge from a node to itself and a contribution that is no number. */
  public GraphEdge {
    if (from.equals(to) || !Double.isFinite(contribution)) {
      throw new IllegalArgumentException(from + " -> " + to + ": " + contribution);
    }
  }

  /** An edge that nobody has measured. */
  public GraphEdge(GraphNode from, GraphNode to, double contribution) {
    this(from, to, contribution, Double.NaN);
  }
}
