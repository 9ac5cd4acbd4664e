package org.zlens.engine.attribute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.Part;

class AttributionGraphTest {
  private static final GraphNode ROOT = new GraphNode(Part.ATTENTION_FEATURE, 2, 7, 5);
  private static final GraphNode LEFT = new GraphNode(Part.ATTENTION_FEATURE, 1, 3, 4);
  private static final GraphNode RIGHT = new GraphNode(Part.RESIDUAL_FEATURE, 2, 9, 4);
  private static final GraphNode FIRST = new GraphNode(Part.ATTENTION_FEATURE, 0, 1, 4);

  /** A diamond: the first adds to two, which both add to the root. */
  static AttributionGraph diamond() {
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    nodes.put(FIRST, NodeFacts.leaf(17, 0.5));
    nodes.put(ROOT, new NodeFacts(12, 2, 1.75));
    nodes.put(LEFT, new NodeFacts(17, 1.5, 1.25));
    nodes.put(RIGHT, new NodeFacts(17, 1, 0.75));
    return new AttributionGraph(
        "L2.F7 at 5",
        List.of(ROOT),
        nodes,
        List.of(
            new GraphEdge(FIRST, LEFT, 1),
            new GraphEdge(FIRST, RIGHT, -0.25),
            new GraphEdge(LEFT, ROOT, 1.5),
            new GraphEdge(RIGHT, ROOT, -0.5)));
  }

  @Test
  void eachNodeComesAfterThoseThatItAddsTo() {
    assertThat(diamond().downstream().get(0)).isEqualTo(ROOT);
    assertThat(diamond().downstream().get(3)).isEqualTo(FIRST);
  }

  @Test
  void whatIsNotFollowedIsTheRest() {
    assertThat(diamond().rest(ROOT)).isCloseTo(0.75, within(1e-12));
    assertThat(diamond().rest(RIGHT)).isCloseTo(1, within(1e-12));
    assertThat(diamond().rest(FIRST)).isNaN();
  }

  @Test
  void edgesWithoutEndsEdgesThatComeTwiceAndCyclesAreRefused() {
    Map<GraphNode, NodeFacts> nodes = diamond().nodes();
    List<GraphNode> none = List.of();
    GraphEdge edge = new GraphEdge(LEFT, ROOT, 1);
    assertThatThrownBy(
            () ->
                new AttributionGraph("g", none, Map.of(ROOT, NodeFacts.leaf(1, 1)), List.of(edge)))
        .hasMessageContaining("no node");
    assertThatThrownBy(() -> new AttributionGraph("g", none, nodes, List.of(edge, edge)))
        .hasMessageContaining("twice");
    assertThatThrownBy(
            () ->
                new AttributionGraph("g", none, nodes, List.of(edge, new GraphEdge(ROOT, LEFT, 1))))
        .hasMessageContaining("cycle");
    assertThatThrownBy(() -> new AttributionGraph("g", List.of(LEFT), nodes, List.of(edge)))
        .hasMessageContaining("not a root");
  }

  @Test
  void aNodeIsCalledWhatItsAddressIs() {
    assertThat(ROOT).hasToString("L2.F7 at 5");
    assertThat(new GraphNode(Part.CONSTANT, 2, -1, -1)).hasToString("constant");
    assertThat(new GraphNode(Part.LOGIT, -1, 42, 5)).hasToString("logit 42 at 5");
  }
}
