package org.zlens.engine.attribute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.Part;

class GraphUnionTest {
  private static final GraphNode ROOT = feature(3, 1);
  private static final GraphNode MIDDLE = feature(2, 7);
  private static final GraphNode SIDE = feature(2, 9);
  private static final GraphNode DEEP = feature(1, 4);
  private static final GraphNode DEEPER = feature(0, 2);

  private static GraphNode feature(int layer, int index) {
    return new GraphNode(Part.ATTENTION_FEATURE, layer, index, 5);
  }

  private static AttributionGraph graph(GraphNode root, double total, GraphEdge... edges) {
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    nodes.put(root, new NodeFacts(1, total, total));
    for (GraphEdge edge : edges) {
      nodes.putIfAbsent(edge.from(), NodeFacts.leaf(1, 2));
    }
    return new AttributionGraph("" + root, List.of(root), nodes, List.of(edges));
  }

  @Test
  void whatIsFollowedLaterGrowsOutOfWhatWasFoundBefore() {
    AttributionGraph first =
        graph(ROOT, 5, new GraphEdge(MIDDLE, ROOT, 3), new GraphEdge(SIDE, ROOT, 1));
    AttributionGraph both =
        GraphUnion.of(first, graph(MIDDLE, 2, new GraphEdge(DEEP, MIDDLE, 1.5)));
    assertThat(both.roots()).containsExactly(ROOT);
    assertThat(both.edges()).hasSize(3);
    assertThat(both.facts(MIDDLE).total()).isEqualTo(2);
    assertThat(both.facts(ROOT).total()).isEqualTo(5);
    assertThat(both.rest(MIDDLE)).isEqualTo(0.5);
  }

  @Test
  void aNodeThatIsSplitAgainIsSplitAsItWasLast() {
    AttributionGraph first =
        GraphUnion.of(
            graph(ROOT, 5, new GraphEdge(MIDDLE, ROOT, 3), new GraphEdge(SIDE, ROOT, 1)),
            graph(MIDDLE, 2, new GraphEdge(DEEP, MIDDLE, 1.5)));
    AttributionGraph again = GraphUnion.of(first, graph(ROOT, 5, new GraphEdge(SIDE, ROOT, 4)));
    assertThat(again.edges()).containsExactly(new GraphEdge(SIDE, ROOT, 4));
    // What leads nowhere has gone with the edge that it hung on.
    assertThat(again.nodes().keySet()).containsExactlyInAnyOrder(ROOT, SIDE);
  }

  @Test
  void aRootThatAddsToAnotherIsNoneAnyMore() {
    AttributionGraph below = graph(MIDDLE, 2, new GraphEdge(DEEP, MIDDLE, 1.5));
    AttributionGraph both = GraphUnion.of(below, graph(ROOT, 5, new GraphEdge(MIDDLE, ROOT, 3)));
    assertThat(both.roots()).containsExactly(ROOT);
    AttributionGraph apart = GraphUnion.of(below, graph(SIDE, 5, new GraphEdge(DEEPER, SIDE, 3)));
    assertThat(apart.roots()).containsExactly(MIDDLE, SIDE);
    assertThat(apart.nodes()).hasSize(4);
  }

  @Test
  void aPartKeepsItsRootsAndWhatStillLeadsToThem() {
    AttributionGraph whole =
        GraphUnion.of(
            graph(ROOT, 5, new GraphEdge(MIDDLE, ROOT, 3), new GraphEdge(SIDE, ROOT, 1)),
            graph(MIDDLE, 2, new GraphEdge(DEEP, MIDDLE, 1.5)));
    AttributionGraph part = GraphUnion.part(whole, Set.of(SIDE, DEEP));
    assertThat(part.nodes().keySet()).containsExactlyInAnyOrder(ROOT, SIDE);
    assertThat(part.edges()).containsExactly(new GraphEdge(SIDE, ROOT, 1));
  }

  @Test
  void marksAreWrittenAsCircuitTracersFrontEndsReadThem() throws IOException {
    AttributionGraph whole =
        graph(ROOT, 5, new GraphEdge(MIDDLE, ROOT, 3), new GraphEdge(SIDE, ROOT, 1));
    GraphText text = new GraphText("tiny", 4, "a b", List.of("a", " b"), List.of());
    GraphMarks marks = new GraphMarks(List.of(SIDE), Map.of("pair", List.of(MIDDLE, SIDE)));
    StringWriter out = new StringWriter();
    CircuitTracerFile.write(whole, text, "slug", marks, out);
    JsonNode read = new ObjectMapper().readTree(out.toString());
    assertThat(read.at("/qParams/pinnedIds").toString()).isEqualTo("[\"2_9_5\"]");
    assertThat(read.at("/qParams/supernodes").toString())
        .isEqualTo("[[\"pair\",\"2_7_5\",\"2_9_5\"]]");
  }
}
