package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.engine.attribute.audit.Trust;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphInfluence;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.attribute.graph.NodeFacts;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.Network;
import org.zlens.engine.report.Network.Dot;
import org.zlens.engine.report.Network.Kind;
import org.zlens.engine.report.Network.Link;
import org.zlens.engine.report.Plot;

/**
 * A graph of attributions over the prompt's tokens and the model's layers. Nodes of one token and
 * layer stand side by side; the larger a node and the wider an edge, the more influence it has.
 * Edges are coloured by sign, or by trust where they were audited.
 */
final class GraphChart {
  private static final Kind ADDS = new Kind("adds", "#0072B2", false);
  private static final Kind TAKES = new Kind("takes away", "#D55E00", true);

  private static final Map<Trust, Kind> TRUSTED =
      new EnumMap<>(
          Map.of(
              Trust.GOOD, new Kind("audit: good", "#009E73", false),
              Trust.DOUBTFUL, new Kind("audit: doubtful", "#E69F00", true),
              Trust.WRONG, new Kind("audit: wrong", "#D55E00", true)));
  private static final Kind UNMEASURED = new Kind("not audited", "#767676", false);

  /** How far from its token a node may stand, of the distance between two. */
  private static final double SPREAD = 0.42;

  private static final double ASIDE = 0.12;

  private final GraphValue value;
  private final AttributionGraph graph;
  private final GraphInfluence influence;
  private final boolean audited;

  GraphChart(GraphValue value) {
    this.value = value;
    this.graph = value.graph();
    this.influence = GraphInfluence.of(graph);
    this.audited = graph.edges().stream().anyMatch(edge -> !Double.isNaN(edge.exact()));
  }

  Plot plot(String title, List<String> provenance) {
    return new Plot(
        title,
        new Axis("position", "token"),
        new Axis("layer", ""),
        network(),
        value.notes(),
        provenance);
  }

  private Network network() {
    GraphText text = value.text();
    Map<GraphNode, Integer> numbers = new HashMap<>();
    List<Dot> dots = new ArrayList<>();
    Map<List<Double>, List<GraphNode>> places = new LinkedHashMap<>();
    for (GraphNode node : graph.nodes().keySet()) {
      places
          .computeIfAbsent(List.of((double) column(node), row(node)), place -> new ArrayList<>())
          .add(node);
    }
    places.forEach(
        (place, nodes) -> {
          for (int i = 0; i < nodes.size(); i++) {
            // Nodes above each other would hide the edges between them.
            double alone = Math.floor(2 * place.get(1)) % 2 == 0 ? ASIDE : -ASIDE;
            double aside = nodes.size() == 1 ? alone : SPREAD * (2.0 * i / (nodes.size() - 1) - 1);
            numbers.put(nodes.get(i), dots.size());
            dots.add(dot(nodes.get(i), place.get(0) + aside, place.get(1)));
          }
        });
    List<Link> links = new ArrayList<>();
    double most = graph.edges().stream().mapToDouble(influence::ofEdge).max().orElse(1);
    for (GraphEdge edge : graph.edges()) {
      links.add(
          new Link(
              numbers.get(edge.from()),
              numbers.get(edge.to()),
              about(edge),
              kind(edge),
              most == 0 ? 0 : influence.ofEdge(edge) / most));
    }
    List<String> columns =
        IntStream.range(0, text.pieces().size())
            .mapToObj(position -> position + ":" + text.pieces().get(position))
            .toList();
    return new Network(columns, rows(), dots, links);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>(List.of("embed"));
    IntStream.range(0, value.text().layers()).forEach(layer -> rows.add("L" + layer));
    rows.add("logits");
    return rows;
  }

  /** What stands nowhere is drawn with what is explained. */
  private int column(GraphNode node) {
    return node.position() >= 0 ? node.position() : Math.max(0, root().position());
  }

  private GraphNode root() {
    return graph.roots().get(0);
  }

  /** Residual features come before a layer's attention, MLPs after it. */
  private double row(GraphNode node) {
    return switch (node.part()) {
      case EMBED, POS_EMBED -> 0;
      case LOGIT, LOGIT_DIFFERENCE, METRIC, NORM_BIAS, UNEMBED_BIAS -> value.text().layers() + 1.0;
      case RESIDUAL_FEATURE, RESIDUAL_BIAS, RESIDUAL_ERROR -> node.layer() + 0.7;
      case MLP_OUT,
          MLP_BIAS,
          TRANSCODER_FEATURE,
          TRANSCODER_BIAS,
          TRANSCODER_SKIP,
          TRANSCODER_ERROR ->
          node.layer() + 1.35;
      default -> Math.max(0, node.layer() + 1.0);
    };
  }

  private Dot dot(GraphNode node, double x, double y) {
    NodeFacts facts = graph.facts(node);
    List<String> about = new ArrayList<>();
    String place = value.text().place(node);
    about.add(node.name() + (place.isEmpty() ? "" : " at " + place));
    if (!Double.isNaN(facts.activation())) {
      about.add("activation " + NumberValue.format(facts.activation()));
    }
    if (facts.isSplit()) {
      about.add("total " + NumberValue.format(facts.total()));
      about.add("not followed " + NumberValue.format(graph.rest(node)));
    }
    about.add("influence " + NumberValue.format(influence.ofNode(node)));
    String group = graph.roots().contains(node) ? "what is explained" : node.part().label();
    return new Dot(node.name(), about, group, x, y, influence.ofNode(node));
  }

  /** Its sign; or, in a graph that was audited, how far it is to be trusted. */
  private Kind kind(GraphEdge edge) {
    if (!audited) {
      return edge.contribution() < 0 ? TAKES : ADDS;
    }
    return trust(edge).map(TRUSTED::get).orElse(UNMEASURED);
  }

  private Optional<Trust> trust(GraphEdge edge) {
    double size = graph.facts(edge.to()).total();
    return Double.isNaN(edge.exact())
        ? Optional.empty()
        : Optional.of(Trust.of(edge.contribution(), edge.exact(), size));
  }

  private List<String> about(GraphEdge edge) {
    List<String> about = new ArrayList<>();
    about.add(edge.from() + " to " + edge.to());
    about.add("contribution " + NumberValue.format(edge.contribution()) + " " + value.unit());
    trust(edge)
        .ifPresent(
            trust ->
                about.add(
                    "exact "
                        + NumberValue.format(edge.exact())
                        + " "
                        + value.unit()
                        + ": "
                        + trust.label()));
    return about;
  }
}
