package org.zlens.engine.attribute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.DirectedWeightedMultigraph;
import org.jgrapht.nio.graphml.GraphMLImporter;
import org.jgrapht.util.SupplierUtil;
import org.junit.jupiter.api.Test;

/** JGraphT checks the file against the schema of GraphML as it reads it. */
class GraphmlFileTest {
  @Property(tries = 100, seed = "20261123")
  void anotherLibraryReadsTheSameGraph(@ForAll long seed) throws XMLStreamException {
    AttributionGraph graph = RandomGraph.of(seed);
    DirectedWeightedMultigraph<String, DefaultWeightedEdge> read =
        new DirectedWeightedMultigraph<>(
            SupplierUtil.createStringSupplier(), DefaultWeightedEdge::new);
    Map<String, Map<String, String>> nodes = new HashMap<>();
    Map<DefaultWeightedEdge, Double> contributions = new HashMap<>();
    GraphMLImporter<String, DefaultWeightedEdge> importer = new GraphMLImporter<>();
    importer.setSchemaValidation(true);
    importer.addVertexAttributeConsumer(
        (of, value) ->
            nodes
                .computeIfAbsent(of.getFirst(), node -> new HashMap<>())
                .put(of.getSecond(), value.getValue()));
    importer.addEdgeAttributeConsumer(
        (of, value) -> {
          if (of.getSecond().equals("contribution")) {
            contributions.put(of.getFirst(), Double.parseDouble(value.getValue()));
          }
        });
    importer.importGraph(read, new StringReader(written(graph)));

    Map<String, Double> found = new HashMap<>();
    contributions.forEach(
        (edge, value) ->
            found.put(
                nodes.get(read.getEdgeSource(edge)).get("label")
                    + " -> "
                    + nodes.get(read.getEdgeTarget(edge)).get("label"),
                value));
    Map<String, Double> expected = new HashMap<>();
    graph.edges().forEach(e -> expected.put(e.from() + " -> " + e.to(), e.contribution()));
    assertThat(read.vertexSet()).hasSize(graph.nodes().size());
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void textThatXmlCannotHoldIsReplaced() throws XMLStreamException {
    GraphText text = RandomGraph.text();
    String xml = written(AttributionGraphTest.diamond());
    assertThat(xml).contains("a \"b\" &lt;c&gt;").doesNotContain("\u0000");
    assertThat(text.pieces().get(3)).contains("\u0000");
  }

  private static String written(AttributionGraph graph) throws XMLStreamException {
    StringWriter writer = new StringWriter();
    GraphmlFile.write(graph, RandomGraph.text(), writer);
    return writer.toString();
  }
}
