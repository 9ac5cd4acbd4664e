package org.zlens.engine.attribute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException;

class GraphPruningTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  @Test
  void influenceIsSharedAmongParentsAndWhatIsNotFollowed() {
    AttributionGraph graph = AttributionGraphTest.diamond();
    GraphInfluence influence = GraphInfluence.of(graph);
    // Into the root come 1.5, -0.5 and a rest of 0.75.
    List<GraphEdge> edges = graph.edges();
    assertThat(influence.ofEdge(edges.get(2))).isCloseTo(1.5 / 2.75, ROUNDING);
    assertThat(influence.ofEdge(edges.get(3))).isCloseTo(0.5 / 2.75, ROUNDING);
    // The left one has 1 of 1.25 from the first, the right one -0.25 and a rest of 1.
    assertThat(influence.ofNode(edges.get(0).from()))
        .isCloseTo(1.5 / 2.75 / 1.25 + 0.5 / 2.75 * 0.25 / 1.25, ROUNDING);
  }

  /** The plain way: the sum over all paths to a root of the product of their shares. */
  @Property(tries = 200, seed = "20261123")
  void influenceIsTheSumOverAllPaths(@ForAll long seed) {
    AttributionGraph graph = RandomGraph.of(seed);
    GraphInfluence influence = GraphInfluence.of(graph);
    for (GraphNode node : graph.nodes().keySet()) {
      assertThat(influence.ofNode(node)).isCloseTo(paths(graph, node), within(1e-9));
    }
  }

  private static double paths(AttributionGraph graph, GraphNode node) {
    if (graph.roots().contains(node)) {
      return 1.0 / graph.roots().size();
    }
    double sum = 0;
    for (GraphEdge edge : graph.outOf(node)) {
      double size = Math.abs(graph.rest(edge.to()));
      for (GraphEdge into : graph.into(edge.to())) {
        size += Math.abs(into.contribution());
      }
      sum += Math.abs(edge.contribution()) / size * paths(graph, edge.to());
    }
    return sum;
  }

  @Property(tries = 300, seed = "20261123")
  void whatIsKeptLeadsToTheRootAndHasTheShareAskedFor(
      @ForAll long seed, @ForAll @DoubleRange(max = 1) double share) {
    AttributionGraph graph = RandomGraph.of(seed);
    AttributionGraph pruned = GraphPruning.of(graph, share, 1);
    GraphInfluence influence = GraphInfluence.of(graph);
    assertThat(graph.nodes()).containsAllEntriesOf(pruned.nodes());
    assertThat(graph.edges()).containsAll(pruned.edges());
    for (GraphNode node : pruned.nodes().keySet()) {
      assertThat(pruned.roots().contains(node) || !pruned.outOf(node).isEmpty()).isTrue();
      boolean isFed = graph.into(node).isEmpty() || !pruned.into(node).isEmpty();
      assertThat(isFed || pruned.roots().contains(node)).isTrue();
      assertThat(influence.ofNode(node)).isPositive();
    }
    // Totals stay: what is gone has become rest.
    for (Map.Entry<GraphNode, NodeFacts> node : pruned.nodes().entrySet()) {
      assertThat(node.getValue()).isEqualTo(graph.facts(node.getKey()));
    }
  }

  @Property(tries = 100, seed = "20261123")
  void aShareOfOneKeepsAllThatCounts(@ForAll long seed) {
    AttributionGraph graph = RandomGraph.of(seed);
    GraphInfluence influence = GraphInfluence.of(graph);
    AttributionGraph pruned = GraphPruning.of(graph, 1, 1);
    List<GraphEdge> counting = new ArrayList<>(graph.edges());
    counting.removeIf(edge -> influence.ofEdge(edge) == 0);
    assertThat(pruned.edges()).hasSameElementsAs(counting);
  }

  @Test
  void moreIsKeptOfALargerShare() {
    AttributionGraph graph = RandomGraph.of(7);
    int before = 0;
    for (double share : new double[] {0.2, 0.5, 0.8, 0.95, 1}) {
      int kept = GraphPruning.of(graph, share, 1).nodes().size();
      assertThat(kept).isGreaterThanOrEqualTo(before);
      before = kept;
    }
    assertThat(before).isGreaterThan(GraphPruning.of(graph, 0.2, 1).nodes().size());
  }

  @Test
  void sharesBeyondOneAreRefused() {
    assertThatThrownBy(() -> GraphPruning.of(RandomGraph.of(1), 1.5, 0.9))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("from 0 to 1, found 1.5");
  }
}
