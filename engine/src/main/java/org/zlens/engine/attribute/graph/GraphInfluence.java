package org.zlens.engine.attribute.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of the roots each node and each edge stands for, over all paths (the influence of
 * circuit-tracer's graphs, {@code interop.md} 2.8).
 *
 * <p>What comes into a node is divided by the sum of its sizes, the {@link AttributionGraph#rest}
 * among them, so that the shares of a node's parents are at most one together; a share then counts
 * as much as the node that it leads to. The roots' influence is one together.
 */
public final class GraphInfluence {
  private final AttributionGraph graph;
  private final Map<GraphNode, Double> nodes = new LinkedHashMap<>();
  private final Map<GraphEdge, Double> edges = new HashMap<>();

  private GraphInfluence(AttributionGraph graph) {
    this.graph = graph;
    graph.nodes().keySet().forEach(node -> nodes.put(node, 0.0));
    graph.roots().forEach(root -> nodes.put(root, 1.0 / graph.roots().size()));
    for (GraphNode node : graph.downstream()) {
      double size = size(node);
      for (GraphEdge edge : graph.into(node)) {
        double share = size == 0 ? 0 : Math.abs(edge.contribution()) / size;
        double influence = share * nodes.get(node);
        edges.put(edge, influence);
        nodes.merge(edge.from(), influence, Double::sum);
      }
    }
  }

  /** Weighs all nodes and edges of a graph. */
  public static GraphInfluence of(AttributionGraph graph) {
    return new GraphInfluence(graph);
  }

  private double size(GraphNode node) {
    double known =
        graph.into(node).stream().mapToDouble(edge -> Math.abs(edge.contribution())).sum();
    double rest = graph.rest(node);
    return Double.isNaN(rest) ? known : known + Math.abs(rest);
  }

  /** Influence of a node, 0 to 1. */
  public double ofNode(GraphNode node) {
    return nodes.get(node);
  }

  /** Influence that goes through an edge, 0 to 1. */
  public double ofEdge(GraphEdge edge) {
    return edges.get(edge);
  }

  /**
   * For each node but the roots, which part of all influence it and the nodes above it have
   * together, when they are sorted by falling influence: a node with a low number is important.
   */
  public Map<GraphNode, Double> cumulative() {
    List<GraphNode> sorted = new ArrayList<>(nodes.keySet());
    sorted.removeAll(graph.roots());
    sorted.sort(Comparator.comparingDouble(this::ofNode).reversed());
    double all = sorted.stream().mapToDouble(this::ofNode).sum();
    Map<GraphNode, Double> cumulative = new LinkedHashMap<>();
    double sum = 0;
    for (GraphNode node : sorted) {
      sum += ofNode(node);
      cumulative.put(node, all == 0 ? 1 : Math.min(1, sum / all));
    }
    return cumulative;
  }
}
