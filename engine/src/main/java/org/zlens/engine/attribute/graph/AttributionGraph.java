package org.zlens.engine.attribute.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers of one pass and what they add to each other, without cycles.
 *
 * <p>Edges into a node are parts of its total. They need not be all of them: what is not followed
 * is the {@link #rest}.
 */
public final class AttributionGraph {
  private final String what;
  private final List<GraphNode> roots;
  private final Map<GraphNode, NodeFacts> nodes;
  private final List<GraphEdge> edges;
  private final Map<GraphNode, List<GraphEdge>> into = new HashMap<>();
  private final Map<GraphNode, List<GraphEdge>> outOf = new HashMap<>();
  private final List<GraphNode> order;

  /**
   * A graph of known nodes.
   *
   * @param what is explained, for titles
   * @param roots the numbers that are explained; edges lead out of none of them
   * @throws IllegalArgumentException if an edge has an end that is no node, or is there twice, or
   *     edges form a cycle
   */
  public AttributionGraph(
      String what, List<GraphNode> roots, Map<GraphNode, NodeFacts> nodes, List<GraphEdge> edges) {
    this.what = what;
    this.roots = List.copyOf(roots);
    this.nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    this.edges = List.copyOf(edges);
    Set<List<GraphNode>> pairs = new HashSet<>();
    for (GraphEdge edge : edges) {
      if (!nodes.containsKey(edge.from()) || !nodes.containsKey(edge.to())) {
        throw new IllegalArgumentException("an end is no node: " + edge);
      }
      if (!pairs.add(List.of(edge.from(), edge.to()))) {
        throw new IllegalArgumentException("there twice: " + edge);
      }
      into.computeIfAbsent(edge.to(), node -> new ArrayList<>()).add(edge);
      outOf.computeIfAbsent(edge.from(), node -> new ArrayList<>()).add(edge);
    }
    for (GraphNode root : roots) {
      if (!nodes.containsKey(root) || outOf.containsKey(root)) {
        throw new IllegalArgumentException("not a root: " + root);
      }
    }
    this.order = downstreamFirst();
  }

  /** What is explained, for titles. */
  public String what() {
    return what;
  }

  /** The numbers that are explained. */
  public List<GraphNode> roots() {
    return roots;
  }

  /** All nodes, in the order in which they were found. */
  public Map<GraphNode, NodeFacts> nodes() {
    return nodes;
  }

  /** All edges, in the order in which they were found. */
  public List<GraphEdge> edges() {
    return edges;
  }

  /** What is known of a node. */
  public NodeFacts facts(GraphNode node) {
    return nodes.get(node);
  }

  /** Edges that lead to a node. */
  public List<GraphEdge> into(GraphNode node) {
    return Collections.unmodifiableList(into.getOrDefault(node, List.of()));
  }

  /** Edges that lead from a node. */
  public List<GraphEdge> outOf(GraphNode node) {
    return Collections.unmodifiableList(outOf.getOrDefault(node, List.of()));
  }

  /** What the edges into a node leave of its total; NaN for a node that was not split. */
  public double rest(GraphNode node) {
    return nodes.get(node).total() - into(node).stream().mapToDouble(GraphEdge::contribution).sum();
  }

  /** All nodes, each after those that it adds to. */
  public List<GraphNode> downstream() {
    return order;
  }

  private List<GraphNode> downstreamFirst() {
    Map<GraphNode, Integer> left = new HashMap<>();
    Deque<GraphNode> ready = new ArrayDeque<>();
    for (GraphNode node : nodes.keySet()) {
      int count = outOf.getOrDefault(node, List.of()).size();
      left.put(node, count);
      if (count == 0) {
        ready.add(node);
      }
    }
    List<GraphNode> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      GraphNode node = ready.remove();
      sorted.add(node);
      for (GraphEdge edge : into.getOrDefault(node, List.of())) {
        if (left.merge(edge.from(), -1, Integer::sum) == 0) {
          ready.add(edge.from());
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw new IllegalArgumentException("edges of '" + what + "' form a cycle");
    }
    return List.copyOf(sorted);
  }
}
