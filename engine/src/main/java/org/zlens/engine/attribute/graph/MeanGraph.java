package org.zlens.engine.attribute.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean of graphs of one number, whose nodes are the same: each node and edge that any of them
 * has, nothing where another lacks it. Edges into a node stay parts of its total.
 */
public final class MeanGraph {
  private MeanGraph() {}

  /** What graphs say of an edge. */
  private static final class Sum {
    private double contribution;
    private double exact;
  }

  /**
   * The mean of at least one graph.
   *
   * @param weights one for each graph, which sum to 1
   * @return an edge is measured where all graphs that have it have measured it
   */
  public static AttributionGraph of(
      String what, List<AttributionGraph> graphs, List<Double> weights) {
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    Map<List<GraphNode>, Sum> sums = new LinkedHashMap<>();
    for (int i = 0; i < graphs.size(); i++) {
      AttributionGraph graph = graphs.get(i);
      double weight = weights.get(i);
      for (GraphNode node : graph.nodes().keySet()) {
        boolean split = graphs.stream().anyMatch(other -> isSplit(other, node));
        nodes.merge(node, weighted(graph.facts(node), weight, split), MeanGraph::sum);
      }
      for (GraphEdge edge : graph.edges()) {
        Sum sum = sums.computeIfAbsent(List.of(edge.from(), edge.to()), ends -> new Sum());
        sum.contribution += weight * edge.contribution();
        sum.exact += weight * edge.exact();
      }
    }
    List<GraphEdge> edges = new ArrayList<>();
    sums.forEach(
        (ends, sum) ->
            edges.add(new GraphEdge(ends.get(0), ends.get(1), sum.contribution, sum.exact)));
    return new AttributionGraph(what, graphs.get(0).roots(), nodes, edges);
  }

  private static boolean isSplit(AttributionGraph graph, GraphNode node) {
    return graph.nodes().containsKey(node) && graph.facts(node).isSplit();
  }

  /** A feature that one graph splits and another does not is there its activation. */
  private static NodeFacts weighted(NodeFacts facts, double weight, boolean split) {
    double whole = facts.isSplit() ? facts.total() : facts.activation();
    double total = split ? weight * (Double.isNaN(whole) ? 0 : whole) : Double.NaN;
    return new NodeFacts(facts.token(), weight * facts.activation(), total);
  }

  private static NodeFacts sum(NodeFacts one, NodeFacts other) {
    return new NodeFacts(
        one.token() == other.token() ? one.token() : -1,
        one.activation() + other.activation(),
        one.total() + other.total());
  }
}
