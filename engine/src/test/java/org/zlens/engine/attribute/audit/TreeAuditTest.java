package org.zlens.engine.attribute.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.Transcoder;
import org.zlens.engine.sae.WeightBasis;

/** Every row of a tree, and every edge of its graph, measures what one plain pass measures. */
class TreeAuditTest {
  private static final int POSITIONS = 7;
  private static final int FEATURES = 30;
  private static final int ROW = 1;
  private static final double SAME = 1e-4;

  /** All but models that norm what is written: there a part is taken away behind that norm. */
  private static final int[] FAMILIES = {0, 1, 2, 4, 6, 7};

  private static final long PLENTY = 1L << 40;
  private static final TreeRoot.Logit DIFFERENCE = new TreeRoot.Logit(3, OptionalInt.of(11));

  /** Some layers with transcoders, with a skip and without, beside SAEs of both kinds. */
  private static RandomModel model(int kind) {
    RandomModel random = RandomModel.family(FAMILIES[kind % FAMILIES.length], kind);
    random.withSaes(FEATURES);
    Site[] inputs = {Site.LN2_NORMALIZED, Site.MLP_IN, Site.RESID_MID};
    int width = random.model().config().dModel();
    try (Scope scope = Scope.open()) {
      for (int layer = kind % 2; layer < 3; layer += 2) {
        random
            .saes()
            .attach(
                new Transcoder(
                    Location.of(inputs[(kind + layer) % 3], layer),
                    Location.of(Site.MLP_OUT, layer),
                    new SaeEncoder.Relu(),
                    InputNormalization.NONE,
                    random.normal(0.5, width, FEATURES),
                    random.normal(0.3, FEATURES),
                    random.normal(0.3, FEATURES, width),
                    random.normal(0.3, width),
                    layer == 0 ? random.normal(0.3, width, width) : null),
                WeightBasis.UNSTATED);
      }
    }
    return random;
  }

  private static List<TreeRoot> roots(CleanRun run, int position) {
    List<TreeRoot> roots = new ArrayList<>();
    roots.add(new TreeRoot.Logit(5, OptionalInt.empty()));
    roots.add(DIFFERENCE);
    roots.add(new TreeRoot.Head(2, 1, Optional.empty()));
    roots.add(new TreeRoot.Head(2, 2, Optional.of(DIFFERENCE)));
    roots.add(new TreeRoot.AttentionFeature(2, active(run, true, position)));
    roots.add(new TreeRoot.ResidualFeature(2, active(run, false, position)));
    return roots;
  }

  private static int active(CleanRun run, boolean attention, int position) {
    for (int feature = 0; feature < FEATURES; feature++) {
      TreeRoot root =
          attention
              ? new TreeRoot.AttentionFeature(2, feature)
              : new TreeRoot.ResidualFeature(2, feature);
      if (AttributionTree.value(run, root, ROW, position) > 0) {
        return feature;
      }
    }
    throw new IllegalStateException("no feature is active");
  }

  private static TreeOptions options(Random random, Via via) {
    TreeOptions options = TreeOptions.of(3, 3, 0.001).via(via).bothSigns();
    options = random.nextBoolean() ? options.byHead() : options;
    return random.nextInt(3) > 0 ? options.throughMlps() : options;
  }

  /** Calls with each row that is a part of the stream, and the number that it is measured in. */
  private static void walk(Explained number, GraphNode to, BiConsumer<Explained, GraphNode> each) {
    for (Explained.Split split : number.splits()) {
      for (Explained part : split.followed()) {
        boolean source = part.row().part() == Part.SOURCE;
        if (!source) {
          each.accept(part, to);
        }
        walk(part, part.passesOn() ? to : GraphNode.of(part.row()), each);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void whatIsMeasuredOfATreeOnePlainPassMeasures(int kind) {
    Random random = new Random(kind);
    Set<Part> parents = EnumSet.noneOf(Part.class);
    Set<Part> children = EnumSet.noneOf(Part.class);
    try (RandomModel holder = model(kind);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      int position = POSITIONS - 1 - random.nextInt(3);
      long budget = random.nextBoolean() ? PLENTY : 100_000;
      for (TreeRoot root : roots(run, position)) {
        TreeOptions options = options(random, Via.values()[random.nextInt(3)]);
        AttributionTree tree = AttributionTree.of(run, root, ROW, position, options, Progress.NONE);
        AttributionGraph graph = TreeGraph.of("test", tree);
        TreeAudit audit = new TreeAudit(run, batch, tree, graph, budget);
        assertThat(audit.done()).isZero();
        audit.run(Progress.NONE);
        assertThat(audit.done()).isEqualTo(audit.measurable());
        GraphNode top = GraphNode.of(tree.root().row());
        SlowAudit slow =
            new SlowAudit(holder.model(), holder.saes(), batch.tokens(), ROW)
                .withRoot(top, root, position);
        walk(
            tree.root(),
            top,
            (part, to) -> {
              AuditedEdge edge = audit.of(part).orElseThrow();
              assertThat(edge.estimate()).isEqualTo(part.row().contribution());
              assertThat(edge.gap()).isEqualTo(edge.exact() - edge.estimate());
              exact(slow, GraphNode.of(part.row()), to, edge.exact());
              parents.add(part.row().part());
              children.add(to.part());
            });
        checkGraph(slow, audit.graph());
      }
    }
    assertThat(children)
        .contains(
            Part.LOGIT,
            Part.LOGIT_DIFFERENCE,
            Part.HEAD,
            Part.ATTENTION_FEATURE,
            Part.RESIDUAL_FEATURE);
    assertThat(parents).contains(Part.ATTENTION_FEATURE);
  }

  private static void exact(SlowAudit slow, GraphNode from, GraphNode to, double found) {
    double expected = slow.exactOnce(from, to);
    assertThat(found)
        .as("what %s takes from %s", from, to)
        .isCloseTo(expected, offset(SAME * Math.max(1, slow.clean(to))));
  }

  private static void checkGraph(SlowAudit slow, AttributionGraph graph) {
    for (GraphEdge edge : graph.edges()) {
      exact(slow, edge.from(), edge.to(), edge.exact());
    }
  }

  @Test
  void transcodersArePartsAndNumbers() {
    Set<Part> parents = EnumSet.noneOf(Part.class);
    Set<Part> children = EnumSet.noneOf(Part.class);
    for (int kind = 0; kind < 6; kind++) {
      try (RandomModel holder = model(kind);
          Scope scope = Scope.open()) {
        Batch batch = Batch.of(holder.tokens(2, POSITIONS));
        CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
        TreeOptions options = TreeOptions.of(9, 3, 0).bothSigns().throughMlps().byHead();
        AttributionTree tree = AttributionTree.of(run, DIFFERENCE, ROW, 5, options, Progress.NONE);
        TreeAudit audit = new TreeAudit(run, batch, tree, TreeGraph.of("test", tree), PLENTY);
        audit.run(Progress.NONE);
        GraphNode top = GraphNode.of(tree.root().row());
        SlowAudit slow =
            new SlowAudit(holder.model(), holder.saes(), batch.tokens(), ROW)
                .withRoot(top, DIFFERENCE, 5);
        walk(
            tree.root(),
            top,
            (part, to) -> {
              boolean first = parents.add(part.row().part()) | children.add(to.part());
              if (first) {
                exact(slow, GraphNode.of(part.row()), to, audit.of(part).orElseThrow().exact());
              }
            });
      }
    }
    assertThat(children).contains(Part.TRANSCODER_FEATURE);
    assertThat(parents)
        .contains(Part.TRANSCODER_FEATURE, Part.TRANSCODER_SKIP, Part.MLP_OUT, Part.HEAD);
  }

  @Test
  void whatWasMeasuredUntilAnAuditEndsStays() {
    try (RandomModel holder = model(0);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      TreeOptions options = TreeOptions.of(3, 3, 0);
      AttributionTree tree = AttributionTree.of(run, DIFFERENCE, ROW, 6, options, Progress.NONE);
      TreeAudit audit = new TreeAudit(run, batch, tree, TreeGraph.of("test", tree), 40_000);
      assertThatThrownBy(
              () ->
                  audit.run(
                      (done, total) -> {
                        if (done > total / 2) {
                          throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
                        }
                      }))
          .isInstanceOf(ZlensException.class)
          .hasMessage("interrupted");
      assertThat(audit.done()).isBetween(1, audit.measurable() - 1);
      assertThat(audit.summary().edges()).isBetween(0, audit.graph().edges().size() - 1);
    }
  }

  @Test
  void aBudgetTooSmallForOneRemovalIsRefused() {
    try (RandomModel holder = model(0);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      TreeOptions options = TreeOptions.of(2, 2, 0);
      AttributionTree tree = AttributionTree.of(run, DIFFERENCE, ROW, 6, options, Progress.NONE);
      TreeAudit audit = new TreeAudit(run, batch, tree, TreeGraph.of("test", tree), 10);
      assertThatThrownBy(() -> audit.run(Progress.NONE))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("are set")
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.RUNTIME);
    }
  }
}
