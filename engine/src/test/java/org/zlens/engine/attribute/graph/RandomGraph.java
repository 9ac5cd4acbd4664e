package org.zlens.engine.attribute.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.zlens.engine.attribute.Part;

/** Graphs of features over layers, with all sorts of leaves. */
final class RandomGraph {
  private static final Part[] FEATURES = {
    Part.ATTENTION_FEATURE, Part.RESIDUAL_FEATURE, Part.TRANSCODER_FEATURE
  };
  private static final Part[] LEAVES = {
    Part.EMBED,
    Part.POS_EMBED,
    Part.SAE_ERROR,
    Part.SAE_BIAS,
    Part.RESIDUAL_ERROR,
    Part.OUTPUT_BIAS,
    Part.MLP_OUT
  };

  private RandomGraph() {}

  static AttributionGraph of(long seed) {
    Random random = new Random(seed);
    int layers = 2 + random.nextInt(4);
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    List<GraphEdge> edges = new ArrayList<>();
    GraphNode root = new GraphNode(Part.ATTENTION_FEATURE, layers, random.nextInt(99), 5);
    nodes.put(root, new NodeFacts(105, 1 + random.nextDouble(), 1 + random.nextDouble()));
    List<GraphNode> below = List.of(root);
    for (int layer = layers - 1; layer >= 0; layer--) {
      List<GraphNode> here = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        Part part = FEATURES[random.nextInt(FEATURES.length)];
        GraphNode node = new GraphNode(part, layer, i, random.nextInt(6));
        nodes.put(node, new NodeFacts(100 + node.position(), 1, random.nextGaussian()));
        connect(edges, node, below, random);
        here.add(node);
      }
      Part part = LEAVES[random.nextInt(LEAVES.length)];
      boolean isEmbedding = part == Part.EMBED || part == Part.POS_EMBED;
      GraphNode leaf = new GraphNode(part, isEmbedding ? -1 : layer, -1, random.nextInt(6));
      if (nodes.putIfAbsent(leaf, NodeFacts.leaf(100 + leaf.position(), Double.NaN)) == null) {
        connect(edges, leaf, below, random);
      }
      List<GraphNode> all = new ArrayList<>(below);
      all.addAll(here);
      below = all;
    }
    return new AttributionGraph("graph " + seed, List.of(root), nodes, edges);
  }

  private static void connect(
      List<GraphEdge> edges, GraphNode from, List<GraphNode> below, Random random) {
    for (GraphNode to : below) {
      if (random.nextInt(3) > 0) {
        edges.add(new GraphEdge(from, to, random.nextGaussian()));
      }
    }
  }

  /** What such a graph is of: six tokens, some of which are hard to write. */
  static GraphText text() {
    return new GraphText(
        "tiny",
        6,
        "a \"b\" <c>",
        List.of("a", " \"b\"", " <c>&\n", "\u0000\u000b", "\ud83d\ude00", "\u202eend"),
        List.of("zlens 1", "model tiny"));
  }
}
