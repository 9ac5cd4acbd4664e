package org.zlens.engine.attribute.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.Part;

/**
 * A tree of attributions as a graph, each number once.
 *
 * <p>Nodes are the features and the root, with errors, embeddings, outputs and heads that were not
 * followed as leaves where their share reaches the tree's threshold. What only passes on (sources,
 * and followed heads, MLPs and skips) is no node: what comes through it is an edge to the number
 * that reads it, and ways that lead from one number to another add up to one edge. Of a number that
 * is split in two ways the graph has the first. Biases, constants and what was not followed are the
 * {@link AttributionGraph#rest}.
 */
public final class TreeGraph {
  private final double threshold;
  private final Map<GraphNode, Explained> best = new LinkedHashMap<>();
  private final Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
  private final Map<List<GraphNode>, Double> sums = new LinkedHashMap<>();

  private TreeGraph(double threshold) {
    this.threshold = threshold;
  }

  /** The graph of a tree. */
  public static AttributionGraph of(String what, AttributionTree tree) {
    return of(what, tree, tree.options().threshold());
  }

  /**
   * The same with other leaves.
   *
   * @param threshold least share of leaves that were not followed
   */
  public static AttributionGraph of(String what, AttributionTree tree, double threshold) {
    TreeGraph made = new TreeGraph(threshold);
    GraphNode root = GraphNode.of(tree.root().row());
    made.find(tree.root());
    made.best.forEach(made::add);
    List<GraphEdge> edges = new ArrayList<>();
    made.sums.forEach((ends, sum) -> edges.add(new GraphEdge(ends.get(0), ends.get(1), sum)));
    return new AttributionGraph(what, List.of(root), made.nodes, edges);
  }

  /** Finds each number where it stands highest, so that it was followed farthest. */
  private void find(Explained root) {
    Set<List<Explained.Split>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Explained> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      Explained one = waiting.remove();
      if (!one.passesOn()) {
        best.merge(GraphNode.of(one.row()), one, (a, b) -> a.level() <= b.level() ? a : b);
      }
      if (!one.isLeaf() && seen.add(one.splits())) {
        waiting.addAll(one.splits().get(0).followed());
      }
    }
  }

  private void add(GraphNode node, Explained number) {
    Contribution row = number.row();
    nodes.put(
        node,
        number.isLeaf()
            ? NodeFacts.leaf(row.token(), row.activation())
            : new NodeFacts(row.token(), row.activation(), number.total()));
    edges(node, number);
  }

  private void edges(GraphNode to, Explained number) {
    if (number.isLeaf()) {
      return;
    }
    Explained.Split split = number.splits().get(0);
    Map<Contribution, Explained> followed = new IdentityHashMap<>();
    split.followed().forEach(one -> followed.put(one.row(), one));
    for (Contribution row : split.parts().rows()) {
      Explained one = followed.get(row);
      if (one != null && one.passesOn() && !one.isLeaf()) {
        edges(to, one);
      } else if (one != null && one.row().part() != Part.SOURCE || isLeafOfInterest(row)) {
        GraphNode from = GraphNode.of(row);
        sums.merge(List.of(from, to), row.contribution(), Double::sum);
        if (!best.containsKey(from)) {
          nodes.putIfAbsent(from, NodeFacts.leaf(row.token(), row.activation()));
        }
      }
    }
  }

  private boolean isLeafOfInterest(Contribution row) {
    return switch (row.part()) {
      case EMBED, POS_EMBED, ATTN_OUT, MLP_OUT, SAE_ERROR, RESIDUAL_ERROR, TRANSCODER_ERROR ->
          Math.abs(row.share()) >= threshold;
      default -> false;
    };
  }
}
