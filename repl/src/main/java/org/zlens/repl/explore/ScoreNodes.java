package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.QkAttribution;
import org.zlens.engine.attribute.QkReason;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.GraphText;

/**
 * Attention scores in the graph of a page. A score is a node, tied to what its head brought
 * something to; each of its largest pairs is a node that adds to it; and each part of a pair is a
 * node like any other, tied to the pair, which is gone without either of them.
 */
final class ScoreNodes {
  /** Pairs of a score that are nodes; the table has more. */
  private static final int MOST_PAIRS = 6;

  private static final int MOST_SCORES = 40;

  /** Scores by what they are of: asked for again, taken apart otherwise, one takes the place. */
  private final Map<String, QkReason> scores = new LinkedHashMap<>();

  /** Adds a score. */
  void add(QkReason found) {
    String name = name(found) + found.query();
    scores.remove(name);
    scores.put(name, found);
    if (scores.size() > MOST_SCORES) {
      scores.remove(scores.keySet().iterator().next());
    }
  }

  void clear() {
    scores.clear();
  }

  /** The scores of which a page shows the node, with the pairs that it shows. */
  List<QkReason> shown(Set<String> keys) {
    List<QkReason> some = new ArrayList<>();
    for (QkReason score : scores.values()) {
      if (keys.contains(key(score))) {
        List<QkAttribution.Pair> pairs =
            pairs(score).stream().filter(pair -> keys.contains(key(score, pair))).toList();
        some.add(score.with(pairs));
      }
    }
    return some;
  }

  private static List<QkAttribution.Pair> pairs(QkReason score) {
    return score.pairs().stream().limit(MOST_PAIRS).toList();
  }

  /**
   * Writes the nodes that are not there yet, and what ties them together.
   *
   * @param known nodes of the attribution, which are there
   * @param ties gets from, to, what the tie is and its number
   */
  void write(GraphText text, Set<GraphNode> known, ArrayNode nodes, ArrayNode ties) {
    Set<GraphNode> written = new LinkedHashSet<>(known);
    for (QkReason score : scores.values()) {
      QkReason some = score.with(pairs(score));
      String at = key(score);
      ObjectNode node = nodes.addObject();
      node.put("key", at).put("name", name(score)).put("part", "SCORE");
      node.put("place", place(text, score.query())).put("to", place(text, score.key()));
      node.put("layer", score.layer()).put("position", score.query()).put("root", false);
      node.put("head", Part.HEAD.address(score.layer(), score.head())).put("source", score.key());
      node.put("total", some.score()).put("rest", some.others()).put("attention", some.weight());
      for (GraphNode reader : readers(score, known)) {
        tie(ties, at, key(text, reader), "score", score.weight());
      }
      for (QkAttribution.Pair pair : some.pairs()) {
        String of = key(score, pair);
        ObjectNode one = nodes.addObject();
        one.put("key", of).put("name", name(pair)).put("part", "PAIR");
        one.put("place", place(text, score.query())).put("to", place(text, score.key()));
        one.put("layer", score.layer()).put("position", score.query()).put("root", false);
        one.put("contribution", pair.contribution());
        tie(ties, of, at, "pair", pair.contribution());
        part(text, pair.query(), of, "query", pair, written, nodes, ties);
        part(text, pair.key(), of, "key", pair, written, nodes, ties);
      }
    }
  }

  private static void part(
      GraphText text,
      Contribution row,
      String pair,
      String role,
      QkAttribution.Pair of,
      Set<GraphNode> written,
      ArrayNode nodes,
      ArrayNode ties) {
    GraphNode node = GraphNode.of(row);
    if (written.add(node)) {
      add(nodes, text, node, row.activation()).put("root", false);
    }
    tie(ties, key(text, node), pair, role, of.contribution());
  }

  private static void tie(ArrayNode ties, String from, String to, String role, double number) {
    ties.addObject().put("from", from).put("to", to).put("role", role).put("number", number);
  }

  /**
   * What a head's look is part of: the head there, or else what its layer's output was split by.
   */
  private static List<GraphNode> readers(QkReason score, Set<GraphNode> known) {
    List<GraphNode> heads = new ArrayList<>();
    List<GraphNode> others = new ArrayList<>();
    for (GraphNode node : known) {
      if (node.layer() == score.layer() && node.position() == score.query()) {
        switch (node.part()) {
          case HEAD, HEAD_AT_SOURCE -> {
            if (node.index() == score.head()) {
              heads.add(node);
            }
          }
          case ATTENTION_FEATURE, ATTN_OUT, SAE_ERROR -> others.add(node);
          default -> {}
        }
      }
    }
    return heads.isEmpty() ? others : heads;
  }

  /** Adds a node of a prompt, and gives it for more to be said of it. */
  static ObjectNode add(ArrayNode nodes, GraphText text, GraphNode node, double activation) {
    ObjectNode one = nodes.addObject();
    one.put("key", key(text, node));
    one.put("name", Shortened.text(node.name()));
    one.put("place", Shortened.text(text.place(node)));
    one.put("part", node.part().name());
    one.put("layer", node.layer()).put("position", node.position());
    if (Double.isFinite(activation)) {
      one.put("activation", activation);
    }
    return one;
  }

  /** What windows know a node by. */
  static String key(GraphText text, GraphNode node) {
    return node.name() + "@" + Shortened.text(text.place(node));
  }

  private static String key(QkReason score) {
    return name(score) + "@" + score.query();
  }

  private static String key(QkReason score, QkAttribution.Pair pair) {
    return key(score) + "|" + GraphNode.of(pair.query()) + "|" + GraphNode.of(pair.key());
  }

  /** For example {@code L3.H0→1}: a head and where it looked. */
  private static String name(QkReason score) {
    return Part.HEAD.address(score.layer(), score.head()) + "\u2192" + score.key();
  }

  private static String name(QkAttribution.Pair pair) {
    return pair.query().name() + " \u00d7 " + pair.key().name();
  }

  private static String place(GraphText text, int position) {
    return Shortened.text(text.place(new GraphNode(Part.SOURCE, -1, -1, position)));
  }
}
