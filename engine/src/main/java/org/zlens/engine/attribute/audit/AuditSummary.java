package org.zlens.engine.attribute.audit;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;

/**
 * What of an audited graph can be trusted.
 *
 * <p>The share of an edge is its contribution over the total of the number that it adds to; what is
 * not followed, and constants, are the rest to one. An edge agrees if its {@link Trust} is good. A
 * path is worth the product of the shares of its edges, as attributions are chained; it goes on
 * until it comes to a number that was not split, and counts for nothing where one edge of it does
 * not agree.
 *
 * @param count number of edges by trust
 * @param measured share of the root that comes by edges into it that were measured
 * @param agreeing share of the root that comes by edges into it that agree
 * @param byPaths share of the root that comes by paths all of whose edges agree, from where the
 *     graph ends
 */
public record AuditSummary(
    Map<Trust, Integer> count, double measured, double agreeing, double byPaths) {
  /** Keeps the counts from changing. */
  public AuditSummary {
    count = Map.copyOf(count);
  }

  /** Sums up a graph whose edges were measured, all or some, with one root. */
  public static AuditSummary of(AttributionGraph graph) {
    Map<Trust, Integer> count = new EnumMap<>(Trust.class);
    for (Trust trust : Trust.values()) {
      count.put(trust, 0);
    }
    Map<GraphNode, Double> worth = new HashMap<>();
    List<GraphNode> order = graph.downstream();
    for (int i = order.size() - 1; i >= 0; i--) {
      GraphNode node = order.get(i);
      double sum = graph.into(node).isEmpty() ? 1 : 0;
      for (GraphEdge edge : graph.into(node)) {
        if (!Double.isNaN(edge.exact())) {
          count.merge(trust(graph, edge), 1, Integer::sum);
          sum += agrees(graph, edge) ? share(graph, edge) * worth.get(edge.from()) : 0;
        }
      }
      worth.put(node, sum);
    }
    GraphNode root = graph.roots().get(0);
    double measured = 0;
    double agreeing = 0;
    for (GraphEdge edge : graph.into(root)) {
      measured += Double.isNaN(edge.exact()) ? 0 : share(graph, edge);
      agreeing += agrees(graph, edge) ? share(graph, edge) : 0;
    }
    boolean none = graph.into(root).isEmpty();
    return new AuditSummary(count, measured, agreeing, none ? 0 : worth.get(root));
  }

  /** How far an edge that was measured can be trusted. */
  public static Trust trust(AttributionGraph graph, GraphEdge edge) {
    return Trust.of(edge.contribution(), edge.exact(), graph.facts(edge.to()).total());
  }

  private static boolean agrees(AttributionGraph graph, GraphEdge edge) {
    return !Double.isNaN(edge.exact()) && trust(graph, edge) == Trust.GOOD;
  }

  private static double share(AttributionGraph graph, GraphEdge edge) {
    return edge.contribution() / graph.facts(edge.to()).total();
  }

  /** Number of edges that were measured. */
  public int edges() {
    return count.values().stream().mapToInt(Integer::intValue).sum();
  }
}
