package org.zlens.engine.attribute.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Graphs of one pass put together, and parts of them. */
public final class GraphUnion {
  private GraphUnion() {}

  /**
   * Two graphs of one pass as one. A node that the later one splits is split as there, whatever the
   * earlier one made of it; what then leads nowhere goes. Roots stay roots unless they add to
   * something now.
   */
  public static AttributionGraph of(AttributionGraph earlier, AttributionGraph later) {
    Set<GraphNode> split = new LinkedHashSet<>();
    later.edges().forEach(edge -> split.add(edge.to()));
    List<GraphEdge> edges = new ArrayList<>();
    for (GraphEdge edge : earlier.edges()) {
      if (!split.contains(edge.to())) {
        edges.add(edge);
      }
    }
    edges.addAll(later.edges());
    Map<GraphNode, NodeFacts> facts = new LinkedHashMap<>(earlier.nodes());
    later
        .nodes()
        .forEach(
            (node, known) -> {
              if (known.isSplit() || !facts.containsKey(node)) {
                facts.put(node, known);
              }
            });
    Set<GraphNode> roots = new LinkedHashSet<>(earlier.roots());
    roots.addAll(later.roots());
    edges.forEach(edge -> roots.remove(edge.from()));
    return connected(later.what(), List.copyOf(roots), facts, edges);
  }

  /**
   * The part of a graph that has only these nodes, its roots among them whether they are or not.
   * What then leads nowhere goes.
   */
  public static AttributionGraph part(AttributionGraph whole, Set<GraphNode> kept) {
    Set<GraphNode> nodes = new LinkedHashSet<>(whole.roots());
    nodes.addAll(kept);
    List<GraphEdge> edges =
        whole.edges().stream()
            .filter(edge -> nodes.contains(edge.from()) && nodes.contains(edge.to()))
            .toList();
    return connected(whole.what(), whole.roots(), whole.nodes(), edges);
  }

  /** What leads to one of the roots. */
  private static AttributionGraph connected(
      String what, List<GraphNode> roots, Map<GraphNode, NodeFacts> facts, List<GraphEdge> edges) {
    Map<GraphNode, List<GraphNode>> upstream = new LinkedHashMap<>();
    edges.forEach(
        edge -> upstream.computeIfAbsent(edge.to(), node -> new ArrayList<>()).add(edge.from()));
    Set<GraphNode> reached = new LinkedHashSet<>();
    List<GraphNode> waiting = new ArrayList<>(roots);
    while (!waiting.isEmpty()) {
      GraphNode node = waiting.remove(waiting.size() - 1);
      if (reached.add(node)) {
        waiting.addAll(upstream.getOrDefault(node, List.of()));
      }
    }
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>(facts);
    nodes.keySet().retainAll(reached);
    return new AttributionGraph(
        what, roots, nodes, edges.stream().filter(edge -> reached.contains(edge.to())).toList());
  }
}
