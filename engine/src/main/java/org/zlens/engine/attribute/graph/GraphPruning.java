package org.zlens.engine.attribute.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * The part of a graph that carries most of the influence on its roots, as circuit-tracer prunes.
 *
 * <p>First the fewest nodes that have a share of all nodes' influence together are kept, then, with
 * influences of what is left, the fewest edges that have a share of all edges'; then whatever no
 * longer leads to a root is left out, and nodes that were split and have lost all that leads to
 * them. What is pruned away becomes part of the {@link AttributionGraph#rest} of the node that it
 * led to: totals stay what they are.
 */
public final class GraphPruning {
  private GraphPruning() {}

  /**
   * Prunes a graph.
   *
   * @param nodeShare share of the influence that the kept nodes have, 0 to 1; circuit-tracer's is
   *     0.8
   * @param edgeShare the same of edges; circuit-tracer's is 0.98
   */
  public static AttributionGraph of(AttributionGraph graph, double nodeShare, double edgeShare) {
    requireShare(nodeShare);
    requireShare(edgeShare);
    GraphInfluence influence = GraphInfluence.of(graph);
    Set<GraphNode> inner = new HashSet<>(graph.nodes().keySet());
    graph.roots().forEach(inner::remove);
    Set<GraphNode> nodes = most(inner, influence::ofNode, nodeShare);
    nodes.addAll(graph.roots());
    AttributionGraph smaller = part(graph, nodes, Set.copyOf(graph.edges()));
    GraphInfluence left = GraphInfluence.of(smaller);
    Set<GraphEdge> edges = most(smaller.edges(), left::ofEdge, edgeShare);
    return part(smaller, connected(graph, smaller, edges), edges);
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new ZlensException(
          Kind.USAGE, "expected a share of influence from 0 to 1, found " + share, null);
    }
  }

  /** The fewest of some things that have a share of the weight of all; what weighs nothing goes. */
  private static <T> Set<T> most(Collection<T> all, ToDoubleFunction<T> weight, double share) {
    List<T> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingDouble(weight).reversed().thenComparing(Object::toString));
    double enough = share * sorted.stream().mapToDouble(weight).sum();
    Set<T> kept = new HashSet<>();
    double sum = 0;
    for (T each : sorted) {
      // Sums in another order differ by rounding: the last of all must not be lost to it.
      boolean isEnough = sum >= enough && share < 1;
      if (isEnough || weight.applyAsDouble(each) == 0) {
        break;
      }
      kept.add(each);
      sum += weight.applyAsDouble(each);
    }
    return kept;
  }

  /** Nodes from which kept edges lead to a root, and to which edges lead if they once did. */
  private static Set<GraphNode> connected(
      AttributionGraph whole, AttributionGraph graph, Set<GraphEdge> edges) {
    Set<GraphNode> nodes = new HashSet<>(graph.nodes().keySet());
    Set<GraphNode> roots = Set.copyOf(graph.roots());
    int before;
    do {
      before = nodes.size();
      nodes.removeIf(
          node ->
              !roots.contains(node)
                  && (isCutOff(graph.outOf(node), edges, nodes)
                      || !whole.into(node).isEmpty() && isCutOff(graph.into(node), edges, nodes)));
    } while (nodes.size() < before);
    return nodes;
  }

  private static boolean isCutOff(List<GraphEdge> of, Set<GraphEdge> edges, Set<GraphNode> nodes) {
    return of.stream()
        .noneMatch(
            edge ->
                edges.contains(edge) && nodes.contains(edge.from()) && nodes.contains(edge.to()));
  }

  private static AttributionGraph part(
      AttributionGraph graph, Set<GraphNode> nodes, Set<GraphEdge> edges) {
    Map<GraphNode, NodeFacts> kept = new LinkedHashMap<>();
    graph
        .nodes()
        .forEach(
            (node, facts) -> {
              if (nodes.contains(node)) {
                kept.put(node, facts);
              }
            });
    List<GraphEdge> between =
        graph.edges().stream()
            .filter(edges::contains)
            .filter(edge -> nodes.contains(edge.from()) && nodes.contains(edge.to()))
            .collect(Collectors.toList());
    return new AttributionGraph(graph.what(), graph.roots(), kept, between);
  }
}
