package org.zlens.engine.attribute.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.MeanGraph;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;

/** The audit of a mean is the mean of the audits of the prompts' own trees. */
class MeanAuditTest {
  private static final int POSITIONS = 6;
  private static final int PROMPTS = 3;
  private static final double SAME = 1e-5;
  private static final long PLENTY = 1L << 40;
  private static final TreeRoot ROOT = new TreeRoot.Logit(3, OptionalInt.of(11));

  private static void walk(Explained one, Consumer<Explained> visitor) {
    visitor.accept(one);
    one.splits().forEach(split -> split.followed().forEach(part -> walk(part, visitor)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void rowsAndEdgesAreMeansOfThoseOfThePrompts(int seed) {
    try (RandomModel random = RandomModel.processed(seed);
        Scope scope = Scope.open()) {
      random.withSaes(20);
      Batch batch = Batch.of(random.tokens(PROMPTS, POSITIONS));
      CleanRun run = CleanRun.of(random.saes(), batch.tokens());
      int[] own = IntStream.range(0, POSITIONS).toArray();
      Alignment places =
          new Alignment(
              IntStream.range(0, POSITIONS).mapToObj(i -> "P" + i).toList(),
              List.of(own, own.clone(), own.clone()));
      TreeOptions options = TreeOptions.of(2, 2, 0.01).bothSigns();
      List<MeanTree.Root> roots =
          IntStream.range(0, PROMPTS)
              .mapToObj(prompt -> new MeanTree.Root(ROOT, prompt, POSITIONS - 1))
              .toList();
      MeanTree mean = MeanTree.of(run, roots, "END", places, options, Progress.NONE);
      AttributionGraph graph = TreeGraph.of("mean", mean.tree());
      MeanAudit audit = new MeanAudit(run, batch, mean, graph, PLENTY);
      audit.run(Progress.NONE);
      assertThat(audit.done()).isEqualTo(PROMPTS);

      Map<Explained, AuditedEdge> each = new IdentityHashMap<>();
      Map<List<Object>, Double> edges = new HashMap<>();
      for (AttributionTree tree : mean.trees()) {
        AttributionGraph whole = TreeGraph.of("one", tree, 0);
        TreeAudit one = new TreeAudit(run, batch, tree, whole, PLENTY);
        one.run(Progress.NONE);
        walk(tree.root(), part -> one.of(part).ifPresent(edge -> each.put(part, edge)));
        for (GraphEdge edge : one.graph().edges()) {
          edges.merge(List.of(edge.from(), edge.to()), edge.exact(), Double::sum);
        }
      }
      int[] rows = {0};
      walk(
          mean.tree().root(),
          part -> {
            double exact = 0;
            double estimate = 0;
            for (MeanTree.Member member : mean.members().get(part.row())) {
              AuditedEdge edge = each.get(member.number());
              exact += edge == null ? Double.NaN : edge.exact() / PROMPTS;
              estimate += edge == null ? Double.NaN : edge.estimate() / PROMPTS;
            }
            Optional<AuditedEdge> found = audit.of(part);
            assertThat(found.isPresent()).isEqualTo(!Double.isNaN(exact));
            if (found.isPresent()) {
              assertThat(found.get().exact()).isCloseTo(exact, within(SAME));
              assertThat(found.get().estimate()).isCloseTo(estimate, within(SAME));
              rows[0]++;
            }
          });
      assertThat(rows[0]).isGreaterThan(3);
      for (GraphEdge edge : audit.graph().edges()) {
        double sum = edges.get(List.of(edge.from(), edge.to()));
        assertThat(Double.isNaN(edge.exact())).isEqualTo(Double.isNaN(sum));
        if (!Double.isNaN(sum)) {
          assertThat(edge.exact()).isCloseTo(sum / PROMPTS, within(SAME));
        }
      }
      assertThat(audit.summary().edges()).isPositive();
      halves(graph);
    }
  }

  /** The mean of a graph with itself is the graph. */
  private static void halves(AttributionGraph graph) {
    AttributionGraph same = MeanGraph.of("same", List.of(graph, graph), List.of(0.25, 0.75));
    assertThat(same.nodes().keySet()).isEqualTo(graph.nodes().keySet());
    List<GraphEdge> edges = new ArrayList<>(same.edges());
    assertThat(edges).hasSameSizeAs(graph.edges());
    for (int i = 0; i < edges.size(); i++) {
      assertThat(edges.get(i).from()).isEqualTo(graph.edges().get(i).from());
      assertThat(edges.get(i).contribution())
          .isCloseTo(graph.edges().get(i).contribution(), within(SAME));
    }
    graph
        .roots()
        .forEach(
            root -> {
              assertThat(same.facts(root).total())
                  .isCloseTo(graph.facts(root).total(), within(SAME));
              assertThat(same.rest(root)).isCloseTo(graph.rest(root), within(SAME));
            });
  }
}
