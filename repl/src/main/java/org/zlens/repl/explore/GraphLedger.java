package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.dsl.save.ValueJson;
import org.zlens.dsl.session.AttentionScore;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.CircuitTracerFile;
import org.zlens.engine.attribute.graph.GraphMarks;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.attribute.graph.GraphUnion;
import org.zlens.engine.attribute.graph.NodeFacts;

/** The graph of a page: what was followed upstream on one prompt, put together. */
final class GraphLedger {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final int MOST_EDGES = 5000;

  private final ScoreNodes scores = new ScoreNodes();
  private GraphText text;
  private GraphValue whole;
  private Provenance origin;

  /** Adds what was found; of another prompt, it takes the place of all. Gives the graph as JSON. */
  synchronized String add(GraphValue found, Provenance provenance) {
    turnTo(found.text());
    whole =
        whole != null
            ? new GraphValue(
                GraphUnion.of(whole.graph(), found.graph()),
                found.text(),
                whole.unit().equals(found.unit()) ? found.unit() : "logits or activation",
                found.notes())
            : found;
    origin = provenance;
    return json();
  }

  /** Adds why a head looked somewhere, and gives all as JSON. */
  synchronized String add(AttentionScore found) {
    turnTo(found.text());
    scores.add(found.reason());
    return json();
  }

  private void turnTo(GraphText other) {
    boolean isSame =
        text != null
            && text.model().equals(other.model())
            && text.prompt().equals(other.prompt())
            && text.pieces().equals(other.pieces());
    if (!isSame) {
      clear();
    }
    text = other;
  }

  synchronized void clear() {
    whole = null;
    origin = null;
    text = null;
    scores.clear();
  }

  /**
   * The graph: its value as it is written anywhere, what its nodes are, and which are roots; and
   * beside it the attention scores, whose numbers are no parts of those.
   */
  synchronized String json() {
    if (text == null) {
      return "{\"graph\":null}";
    }
    ArrayNode nodes = JSON.arrayNode();
    Set<GraphNode> known = whole == null ? Set.of() : whole.graph().nodes().keySet();
    for (GraphNode node : known) {
      NodeFacts facts = whole.graph().facts(node);
      ObjectNode one = add(nodes, node, facts.activation());
      one.put("root", whole.graph().roots().contains(node));
      put(one, "total", facts.total());
      put(one, "rest", whole.graph().rest(node));
    }
    ArrayNode ties = JSON.arrayNode();
    scores.write(text, known, nodes, ties);
    return "{\"layers\":"
        + text.layers()
        + ",\"prompt\":"
        + JSON.textNode(Shortened.text(text.prompt(), 20 * Shortened.MOST_CHARACTERS))
        + ",\"pieces\":"
        + pieces()
        + ",\"nodes\":"
        + nodes
        + ",\"ties\":"
        + ties
        + ",\"graph\":"
        + (whole == null
            ? "null"
            : ValueJson.line(Shortened.table(whole.table(), MOST_EDGES), origin))
        + "}";
  }

  private ObjectNode add(ArrayNode nodes, GraphNode node, double activation) {
    return ScoreNodes.add(nodes, text, node, activation);
  }

  private ArrayNode pieces() {
    ArrayNode pieces = JSON.arrayNode();
    text.pieces().forEach(piece -> pieces.add(Shortened.text(piece)));
    return pieces;
  }

  private static void put(ObjectNode to, String name, double number) {
    if (Double.isFinite(number)) {
      to.put(name, number);
    }
  }

  private String key(GraphNode node) {
    return ScoreNodes.key(text, node);
  }

  /**
   * What the page shows of the graph as circuit-tracer writes it, with its pins and groups.
   *
   * @throws ZlensException if nothing was followed yet
   */
  synchronized String circuitTracer(Set<String> shown, PageView view) {
    if (whole == null) {
      throw new ZlensException(Kind.DATA, "nothing was followed yet", null);
    }
    Set<GraphNode> kept = new LinkedHashSet<>();
    List<GraphNode> pinned = new ArrayList<>();
    Map<String, List<GraphNode>> groups = new LinkedHashMap<>();
    for (GraphNode node : whole.graph().nodes().keySet()) {
      String key = key(node);
      if (shown.contains(key)) {
        kept.add(node);
        if (view.has("pinned", key)) {
          pinned.add(node);
        }
        view.groups()
            .forEach(
                (name, members) -> {
                  if (members.contains(key)) {
                    groups.computeIfAbsent(name, any -> new ArrayList<>()).add(node);
                  }
                });
      }
    }
    AttributionGraph some = GraphUnion.part(whole.graph(), kept);
    StringWriter out = new StringWriter();
    try {
      CircuitTracerFile.write(
          some,
          whole.text(),
          "exploration",
          new GraphMarks(pinned, groups),
          scores.shown(shown),
          out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
