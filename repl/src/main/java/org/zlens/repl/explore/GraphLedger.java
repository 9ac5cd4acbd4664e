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
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.CircuitTracerFile;
import org.zlens.engine.attribute.graph.GraphMarks;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.GraphUnion;
import org.zlens.engine.attribute.graph.NodeFacts;

/** The graph of a page: what was followed upstream on one prompt, put together. */
final class GraphLedger {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final int MOST_EDGES = 5000;

  private GraphValue whole;
  private Provenance origin;

  /** Adds what was found; of another prompt, it takes the place of all. Gives the graph as JSON. */
  synchronized String add(GraphValue found, Provenance provenance) {
    boolean isSame =
        whole != null
            && whole.text().model().equals(found.text().model())
            && whole.text().prompt().equals(found.text().prompt())
            && whole.text().pieces().equals(found.text().pieces());
    whole =
        isSame
            ? new GraphValue(
                GraphUnion.of(whole.graph(), found.graph()),
                found.text(),
                whole.unit().equals(found.unit()) ? found.unit() : "logits or activation",
                found.notes())
            : found;
    origin = provenance;
    return json();
  }

  synchronized void clear() {
    whole = null;
    origin = null;
  }

  /** The graph: its value as it is written anywhere, what its nodes are, and which are roots. */
  synchronized String json() {
    if (whole == null) {
      return "{\"graph\":null}";
    }
    AttributionGraph graph = whole.graph();
    ArrayNode nodes = JSON.arrayNode();
    for (Map.Entry<GraphNode, NodeFacts> entry : graph.nodes().entrySet()) {
      GraphNode node = entry.getKey();
      ObjectNode one = nodes.addObject();
      one.put("key", key(node));
      one.put("name", Shortened.text(node.name()));
      one.put("place", Shortened.text(whole.text().place(node)));
      one.put("part", node.part().name());
      one.put("layer", node.layer()).put("position", node.position());
      one.put("root", graph.roots().contains(node));
      put(one, "activation", entry.getValue().activation());
      put(one, "total", entry.getValue().total());
      put(one, "rest", graph.rest(node));
    }
    return "{\"layers\":"
        + whole.text().layers()
        + ",\"prompt\":"
        + JSON.textNode(Shortened.text(whole.text().prompt(), 20 * Shortened.MOST_CHARACTERS))
        + ",\"pieces\":"
        + pieces()
        + ",\"nodes\":"
        + nodes
        + ",\"graph\":"
        + ValueJson.line(Shortened.table(whole.table(), MOST_EDGES), origin)
        + "}";
  }

  private ArrayNode pieces() {
    ArrayNode pieces = JSON.arrayNode();
    whole.text().pieces().forEach(piece -> pieces.add(Shortened.text(piece)));
    return pieces;
  }

  private static void put(ObjectNode to, String name, double number) {
    if (Double.isFinite(number)) {
      to.put(name, number);
    }
  }

  private String key(GraphNode node) {
    return node.name() + "@" + Shortened.text(whole.text().place(node));
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
          some, whole.text(), "exploration", new GraphMarks(pinned, groups), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
