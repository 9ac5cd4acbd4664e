package org.zlens.engine.attribute.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.QkAttribution;
import org.zlens.engine.attribute.QkReason;

/**
 * A graph as the JSON that circuit-tracer writes and its front ends read ({@code interop.md} 2.8).
 *
 * <p>These front ends know four types of nodes. Features of any SAE are features; the embedding of
 * a token is one; the roots are written as the logits, whatever they are, since without one nothing
 * can be opened; all else, biases and constants among it, are errors, named in {@code clerp}. The
 * field {@code part} has what a node really is; readers that do not know it pass it by.
 *
 * <p>Features are numbered by Cantor's pairing of layer and index. Those of other SAEs than that of
 * a layer's attention count as of layers beyond all layers, so that no two nodes share a number.
 */
public final class CircuitTracerFile {
  private static final String FEATURE = "cross layer transcoder";
  private static final String ERROR = "mlp reconstruction error";

  private final AttributionGraph graph;
  private final GraphText text;
  private final GraphMarks marks;

  private CircuitTracerFile(AttributionGraph graph, GraphText text, GraphMarks marks) {
    this.graph = graph;
    this.text = text;
    this.marks = marks;
  }

  /**
   * Writes a graph.
   *
   * @param slug its short name
   */
  public static void write(AttributionGraph graph, GraphText text, String slug, Writer writer)
      throws IOException {
    write(graph, text, slug, GraphMarks.NONE, writer);
  }

  /**
   * Writes a graph with what somebody has marked in it: front ends open it as it was left.
   *
   * @param slug its short name
   */
  public static void write(
      AttributionGraph graph, GraphText text, String slug, GraphMarks marks, Writer writer)
      throws IOException {
    write(graph, text, slug, marks, List.of(), writer);
  }

  /**
   * The same with attention scores of the prompt. Front ends know nothing like it and pass by their
   * field, {@code attention_scores}: of each its head, the pairs that are kept and the nodes of
   * these, named as nodes of the graph are.
   */
  public static void write(
      AttributionGraph graph,
      GraphText text,
      String slug,
      GraphMarks marks,
      List<QkReason> scores,
      Writer writer)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(writer)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      new CircuitTracerFile(graph, text, marks).write(slug, scores, json);
    }
  }

  private void write(String slug, List<QkReason> scores, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("metadata");
    json.writeStringField("slug", slug);
    json.writeStringField("scan", text.model());
    json.writeArrayFieldStart("transcoder_list");
    json.writeEndArray();
    json.writeArrayFieldStart("prompt_tokens");
    for (String piece : text.pieces()) {
      json.writeString(piece);
    }
    json.writeEndArray();
    json.writeStringField("prompt", text.prompt());
    json.writeNumberField("node_threshold", 1);
    json.writeNumberField("schema_version", 1);
    json.writeObjectFieldStart("info");
    json.writeStringField("description", graph.what());
    json.writeObjectFieldStart("generator");
    json.writeStringField("name", "zlens");
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayFieldStart("provenance");
    for (String line : text.provenance()) {
      json.writeString(line);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("qParams");
    json.writeArrayFieldStart("pinnedIds");
    for (GraphNode node : marks.pinned()) {
      json.writeString(id(node));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("supernodes");
    for (Map.Entry<String, List<GraphNode>> group : marks.groups().entrySet()) {
      json.writeStartArray();
      json.writeString(group.getKey());
      for (GraphNode node : group.getValue()) {
        json.writeString(id(node));
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeStringField("linkType", "both");
    json.writeStringField("clickedId", id(graph.roots().get(0)));
    json.writeStringField("sg_pos", "");
    json.writeEndObject();
    nodes(json);
    links(json);
    if (!scores.isEmpty()) {
      scores(scores, json);
    }
    json.writeEndObject();
  }

  private void scores(List<QkReason> scores, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("attention_scores");
    for (QkReason score : scores) {
      json.writeStartObject();
      json.writeStringField("head", Part.HEAD.address(score.layer(), score.head()));
      json.writeNumberField("query_ctx_idx", score.query());
      json.writeNumberField("key_ctx_idx", score.key());
      json.writeNumberField("score", score.score());
      json.writeNumberField("attention", score.weight());
      json.writeNumberField("rest", score.others());
      json.writeArrayFieldStart("pairs");
      for (QkAttribution.Pair pair : score.pairs()) {
        json.writeStartObject();
        part("query", pair.query(), json);
        part("key", pair.key(), json);
        json.writeNumberField("weight", pair.contribution());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void part(String field, Contribution row, JsonGenerator json) throws IOException {
    GraphNode node = GraphNode.of(row);
    json.writeObjectFieldStart(field);
    json.writeStringField("node_id", id(node, row.token()));
    String place = text.place(node);
    json.writeStringField("clerp", place.isEmpty() ? node.name() : node.name() + " at " + place);
    json.writeEndObject();
  }

  private void nodes(JsonGenerator json) throws IOException {
    Map<GraphNode, Double> influence = GraphInfluence.of(graph).cumulative();
    json.writeArrayFieldStart("nodes");
    for (Map.Entry<GraphNode, NodeFacts> entry : graph.nodes().entrySet()) {
      GraphNode node = entry.getKey();
      boolean isRoot = graph.roots().contains(node);
      json.writeStartObject();
      json.writeStringField("node_id", id(node));
      json.writeNumberField("feature", number(node, entry.getValue()));
      json.writeStringField("layer", layer(node));
      json.writeNumberField("ctx_idx", place(node));
      json.writeStringField("feature_type", type(node));
      if (isRoot) {
        json.writeNumberField("token_prob", 0);
      }
      json.writeBooleanField("is_target_logit", isRoot);
      json.writeNumberField("run_idx", 0);
      json.writeNumberField("reverse_ctx_idx", 0);
      json.writeStringField("jsNodeId", id(node) + "-0");
      json.writeStringField("clerp", label(node));
      json.writeStringField("part", node.part().label());
      if (influence.containsKey(node)) {
        json.writeNumberField("influence", influence.get(node));
      }
      if (!Double.isNaN(entry.getValue().activation())) {
        json.writeNumberField("activation", entry.getValue().activation());
      }
      if (entry.getValue().isSplit()) {
        json.writeNumberField("total", entry.getValue().total());
        json.writeNumberField("rest", graph.rest(node));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void links(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("links");
    for (GraphEdge edge : graph.edges()) {
      json.writeStartObject();
      json.writeStringField("source", id(edge.from()));
      json.writeStringField("target", id(edge.to()));
      json.writeNumberField("weight", edge.contribution());
      if (!Double.isNaN(edge.exact())) {
        json.writeNumberField("exact", edge.exact());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private String type(GraphNode node) {
    if (graph.roots().contains(node)) {
      return "logit";
    }
    return isFeature(node) ? FEATURE : node.part() == Part.EMBED ? "embedding" : ERROR;
  }

  private static boolean isFeature(GraphNode node) {
    return kind(node.part()) >= 0;
  }

  /** Which of the SAEs at a layer a feature is of; negative for all else. */
  private static int kind(Part part) {
    return switch (part) {
      case ATTENTION_FEATURE -> 0;
      case RESIDUAL_FEATURE -> 1;
      case TRANSCODER_FEATURE -> 2;
      default -> -1;
    };
  }

  /**
   * Names a node: {@code layer_feature_position} for attention features, as circuit-tracer does.
   */
  private String id(GraphNode node) {
    return id(node, graph.facts(node).token());
  }

  private static String id(GraphNode node, int token) {
    return switch (node.part()) {
      case ATTENTION_FEATURE -> node.layer() + "_" + node.index() + "_" + node.position();
      case RESIDUAL_FEATURE -> "R" + node.layer() + "_" + node.index() + "_" + node.position();
      case TRANSCODER_FEATURE -> "T" + node.layer() + "_" + node.index() + "_" + node.position();
      case EMBED -> "E_" + token + "_" + node.position();
      case SAE_ERROR -> node.layer() + "_-1_" + node.position();
      case RESIDUAL_ERROR -> "R" + node.layer() + "_-1_" + node.position();
      default ->
          node.part().name() + "_" + node.layer() + "_" + node.index() + "_" + node.position();
    };
  }

  private long number(GraphNode node, NodeFacts facts) {
    int kind = kind(node.part());
    if (kind >= 0) {
      // One layer more than there are: residual SAEs may stand after the last.
      return pair(node.layer() + (long) kind * (text.layers() + 1), node.index());
    }
    return switch (node.part()) {
      case EMBED -> node.position();
      case LOGIT -> node.index();
      case SAE_ERROR, RESIDUAL_ERROR -> -1;
      default -> -2 - node.part().ordinal();
    };
  }

  private static long pair(long layer, long index) {
    return (layer + index) * (layer + index + 1) / 2 + index;
  }

  private String layer(GraphNode node) {
    if (graph.roots().contains(node)) {
      return Integer.toString(text.layers() + 1);
    }
    return node.part() == Part.EMBED ? "E" : Integer.toString(Math.max(0, node.layer()));
  }

  /** Where a node is drawn; what stands nowhere is drawn where the first root is. */
  private int place(GraphNode node) {
    return node.position() >= 0 ? node.position() : Math.max(0, graph.roots().get(0).position());
  }

  private String label(GraphNode node) {
    if (graph.roots().contains(node)) {
      // The front ends take what stands after (p= for a number, and what is quoted for a token.
      return "Output \"" + node.toString().replace('"', '\'') + "\" (p=1)";
    }
    String place = text.place(node);
    return place.isEmpty() ? node.name() : node.name() + " at " + place;
  }
}
