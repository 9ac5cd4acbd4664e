package org.zlens.engine.attribute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CircuitTracerFileTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
          .getSchema(CircuitTracerFileTest.class.getResourceAsStream("circuit-tracer.schema.json"));

  @Property(tries = 200, seed = "20261123")
  void anyGraphIsAsTheSchemaSays(@ForAll long seed) throws IOException {
    AttributionGraph graph = RandomGraph.of(seed);
    JsonNode json = written(graph);
    assertThat(SCHEMA.validate(json)).isEmpty();
    assertThat(json.get("nodes")).hasSize(graph.nodes().size());
    Set<String> ids = new HashSet<>();
    Set<String> drawn = new HashSet<>();
    for (JsonNode node : json.get("nodes")) {
      assertThat(ids.add(node.get("node_id").asText())).as("%s is one node", node).isTrue();
      // The front ends take nodes with one layer, number and place for one feature.
      drawn.add(node.get("layer") + "_" + node.get("feature") + "_" + node.get("ctx_idx"));
    }
    assertThat(drawn).hasSameSizeAs(ids);
    assertThat(json.get("links")).hasSize(graph.edges().size());
    for (JsonNode link : json.get("links")) {
      assertThat(ids).contains(link.get("source").asText(), link.get("target").asText());
    }
  }

  @Test
  void nodesAreNumberedAsCircuitTracerDoes() throws IOException {
    JsonNode json = written(AttributionGraphTest.diamond());
    List<String> nodes = new ArrayList<>();
    for (JsonNode node : json.get("nodes")) {
      nodes.add(
          node.get("node_id").asText()
              + " "
              + node.get("feature")
              + " "
              + node.get("layer").asText()
              + " "
              + node.get("feature_type").asText());
    }
    assertThat(nodes)
        .containsExactly(
            "0_1_4 2 0 cross layer transcoder",
            "2_7_5 52 7 logit",
            "1_3_4 13 1 cross layer transcoder",
            "R2_9_4 180 2 cross layer transcoder");
    JsonNode link = json.get("links").get(2);
    assertThat(link.get("source").asText()).isEqualTo("1_3_4");
    assertThat(link.get("target").asText()).isEqualTo("2_7_5");
    assertThat(link.get("weight").asDouble()).isCloseTo(1.5, within(0.0));
  }

  @Test
  void anInvalidFileIsRefusedByTheSchema() throws IOException {
    JsonNode json = written(AttributionGraphTest.diamond());
    ((ObjectNode) json.get("nodes").get(0)).remove("clerp");
    assertThat(SCHEMA.validate(json)).isNotEmpty();
  }

  private static JsonNode written(AttributionGraph graph) throws IOException {
    StringWriter writer = new StringWriter();
    CircuitTracerFile.write(graph, RandomGraph.text(), "some-graph", writer);
    return new ObjectMapper().readTree(writer.toString());
  }
}
