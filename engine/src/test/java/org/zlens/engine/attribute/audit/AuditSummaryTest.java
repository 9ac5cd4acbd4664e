package org.zlens.engine.attribute.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.NodeFacts;

/** Shares of what is agreed on, along edges and along paths. */
class AuditSummaryTest {
  private static final double UNKNOWN = Double.NaN;

  private static GraphNode feature(int layer, int index) {
    return new GraphNode(Part.ATTENTION_FEATURE, layer, index, 3);
  }

  private static final GraphNode ROOT = feature(5, 0);
  private static final GraphNode GOOD = feature(4, 1);
  private static final GraphNode WRONG = feature(4, 2);
  private static final GraphNode BELOW = feature(2, 3);
  private static final GraphNode LOST = feature(2, 4);
  private static final GraphNode UNMEASURED = feature(3, 5);

  private static AttributionGraph graph(List<GraphEdge> edges) {
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    nodes.put(ROOT, new NodeFacts(1, 10, 10));
    nodes.put(GOOD, new NodeFacts(1, 4, 4));
    nodes.put(WRONG, new NodeFacts(1, 2, 2));
    for (GraphNode leaf : List.of(BELOW, LOST, UNMEASURED)) {
      nodes.put(leaf, NodeFacts.leaf(1, 1));
    }
    return new AttributionGraph("test", List.of(ROOT), nodes, edges);
  }

  @Test
  void pathsAreWorthTheProductOfTheirShares() {
    AuditSummary summary =
        AuditSummary.of(
            graph(
                List.of(
                    new GraphEdge(GOOD, ROOT, 5, 5.5),
                    new GraphEdge(WRONG, ROOT, 3, -1),
                    new GraphEdge(BELOW, ROOT, 1, 0.9),
                    new GraphEdge(UNMEASURED, ROOT, 0.5, UNKNOWN),
                    new GraphEdge(BELOW, GOOD, 2, 2),
                    new GraphEdge(LOST, GOOD, 1, 0.6),
                    new GraphEdge(BELOW, WRONG, 2, 2))));
    assertThat(summary.count())
        .containsOnly(
            Map.entry(Trust.GOOD, 4), Map.entry(Trust.DOUBTFUL, 1), Map.entry(Trust.WRONG, 1));
    assertThat(summary.edges()).isEqualTo(6);
    assertThat(summary.measured()).isCloseTo(0.9, offset(1e-12));
    assertThat(summary.agreeing()).isCloseTo(0.6, offset(1e-12));
    // 1/10 straight from below, and half of 5/10 by way of the good one.
    assertThat(summary.byPaths()).isCloseTo(0.1 + 0.5 * 0.5, offset(1e-12));
  }

  @Test
  void aRootWithoutEdgesExplainsNothing() {
    AuditSummary summary = AuditSummary.of(graph(List.of()));
    assertThat(summary.edges()).isZero();
    assertThat(summary.byPaths()).isZero();
    assertThat(summary.agreeing()).isZero();
  }
}
