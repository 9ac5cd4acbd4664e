package org.zlens.engine.attribute.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.Attribution;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.attribute.LogitAttribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.ResidualFeatureAttribution;
import org.zlens.engine.attribute.SourceAttribution;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeEncoder;

/** Edges are measured in shared passes as whole passes of their own measure them. */
class EdgeAuditTest {
  private static final int POSITIONS = 7;
  private static final int ROW = 1;
  private static final double SAME = 1e-4;
  private static final long PLENTY = 1L << 40;

  private static RandomModel model(int kind) {
    RandomModel random =
        switch (kind % 3) {
          case 0 -> RandomModel.processed(kind);
          case 1 -> RandomModel.grouped(kind);
          default -> RandomModel.raw(kind);
        };
    InputNormalization norm =
        kind % 4 == 3 ? InputNormalization.LAYER_NORM : InputNormalization.NONE;
    SaeEncoder encoder = kind % 5 == 4 ? new SaeEncoder.TopK(8, false) : new SaeEncoder.Relu();
    return random.withSaes(30, encoder, norm);
  }

  /** Edges of all kinds: to a feature of each layer, to residual features and to a logit. */
  private static List<GraphEdge> edges(CleanRun run, Random random) {
    Set<GraphEdge> all = new LinkedHashSet<>();
    for (int layer = 1; layer < 3; layer++) {
      int feature = random.nextInt(30);
      int destination = random.nextInt(POSITIONS);
      GraphNode child = new GraphNode(Part.ATTENTION_FEATURE, layer, feature, destination);
      DirectFeatureAttribution direct =
          DirectFeatureAttribution.of(run, layer, feature, ROW, destination);
      int source = random.nextInt(destination + 1);
      SourceAttribution split = SourceAttribution.of(run, direct, source, 1);
      add(all, split.byComponent(), child, source, random);
      add(all, split.byFeature(), child, source, random);
      add(all, split.byResidualFeature().orElseThrow(), child, source, random);
      int other = random.nextInt(30);
      GraphNode stream = new GraphNode(Part.RESIDUAL_FEATURE, layer, other, source);
      ResidualFeatureAttribution residual =
          ResidualFeatureAttribution.of(run, layer, other, ROW, source);
      add(all, residual.byComponent(), stream, source, random);
      add(all, residual.byFeature(), stream, source, random);
    }
    int end = random.nextInt(POSITIONS);
    LogitAttribution logit = LogitAttribution.of(run, ROW, end, 11);
    GraphNode child = new GraphNode(Part.LOGIT, -1, 11, end);
    add(all, logit.byHead(), child, end, random);
    add(all, logit.byFeature(), child, end, random);
    return List.copyOf(all);
  }

  /** A third of the rows of a split, and one at least of each part. */
  private static void add(
      Set<GraphEdge> all, Attribution split, GraphNode child, int position, Random random) {
    Set<Part> had = EnumSet.noneOf(Part.class);
    for (Contribution row : split.rows()) {
      if (had.add(row.part()) || random.nextInt(3) == 0) {
        GraphNode parent = new GraphNode(row.part(), row.layer(), row.index(), position);
        all.add(new GraphEdge(parent, child, row.contribution()));
      }
    }
  }

  private static EdgeAudit audit(CleanRun run, Batch batch, List<GraphEdge> edges, long budget) {
    List<EdgeAudit.Claim> claims =
        edges.stream().map(edge -> new EdgeAudit.Claim(edge, true)).toList();
    return new EdgeAudit(run, batch, ROW, claims, Map.of(), budget);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void whatSharedPassesMeasureWholeOnesMeasure(int kind) {
    Random random = new Random(kind);
    try (RandomModel holder = model(kind);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      long budget = kind % 2 == 0 ? PLENTY : 100_000;
      List<GraphEdge> edges = edges(run, random);
      EdgeAudit audit = audit(run, batch, edges, budget);
      audit.run(Progress.NONE);
      List<Optional<AuditedEdge>> found = audit.measured();
      SlowAudit slow = new SlowAudit(holder.model(), holder.saes(), batch.tokens(), ROW);
      Set<Part> measured = EnumSet.noneOf(Part.class);
      for (int i = 0; i < found.size(); i++) {
        GraphEdge edge = edges.get(i);
        if (isConstant(edge.from().part())) {
          assertThat(found.get(i)).isEmpty();
          continue;
        }
        AuditedEdge one = found.get(i).orElseThrow();
        double size = Math.max(1, one.size());
        assertThat(one.exact())
            .as("exact effect of %s", edge)
            .isCloseTo(slow.exact(edge), offset(SAME * size));
        assertThat(one.direct())
            .as("direct effect of %s", edge)
            .isCloseTo(slow.direct(edge), offset(SAME * size));
        assertThat(one.edge().exact()).isEqualTo(one.exact());
        measured.add(edge.from().part());
      }
      assertThat(audit.measurable()).isEqualTo(found.stream().filter(Optional::isPresent).count());
      assertThat(measured)
          .contains(
              Part.EMBED,
              Part.POS_EMBED,
              Part.ATTN_OUT,
              Part.MLP_OUT,
              Part.HEAD,
              Part.ATTENTION_FEATURE,
              Part.RESIDUAL_FEATURE,
              Part.SAE_BIAS,
              Part.SAE_ERROR,
              Part.RESIDUAL_BIAS,
              Part.RESIDUAL_ERROR,
              Part.OUTPUT_BIAS);
    }
  }

  private static boolean isConstant(Part part) {
    return switch (part) {
      case CONSTANT, VALUE_BIAS, UNEMBED_BIAS, NORM_BIAS -> true;
      default -> false;
    };
  }

  @Test
  void whatReadsTheStreamAsItIsIsLinear() {
    try (RandomModel holder = RandomModel.processed(3).withSaes(30);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      ResidualFeatureAttribution split = ResidualFeatureAttribution.of(run, 2, 5, ROW, 4);
      GraphNode child = new GraphNode(Part.RESIDUAL_FEATURE, 2, 5, 4);
      List<GraphEdge> edges = new ArrayList<>();
      for (Contribution row : split.byComponent().rows()) {
        GraphNode parent = new GraphNode(row.part(), row.layer(), row.index(), 4);
        edges.add(new GraphEdge(parent, child, row.contribution()));
      }
      EdgeAudit audit = audit(run, batch, edges, PLENTY);
      audit.run(Progress.NONE);
      audit.measured().stream()
          .flatMap(Optional::stream)
          .forEach(one -> assertThat(one.direct()).isCloseTo(one.estimate(), offset(1e-4)));
      // The last MLP before it has no other way to it.
      AuditedEdge last =
          audit.measured().stream()
              .flatMap(Optional::stream)
              .filter(one -> one.edge().from().part() == Part.MLP_OUT)
              .filter(one -> one.edge().from().layer() == 1)
              .findFirst()
              .orElseThrow();
      assertThat(last.exact()).isCloseTo(last.estimate(), offset(1e-4));
      assertThat(last.trust()).isEqualTo(Trust.GOOD);
    }
  }

  @Test
  void aContributionThatIsNotWhatTheParentAddsIsABug() {
    try (RandomModel holder = RandomModel.processed(3).withSaes(30);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      GraphNode child = new GraphNode(Part.RESIDUAL_FEATURE, 2, 5, 4);
      GraphNode parent = new GraphNode(Part.MLP_OUT, 1, -1, 4);
      List<GraphEdge> wrong = List.of(new GraphEdge(parent, child, 1e4));
      assertThatThrownBy(() -> audit(run, batch, wrong, PLENTY))
          .isInstanceOf(ZlensException.class)
          .hasMessageStartingWith("L1.mlp_out at 4 is said to contribute 10000")
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.BUG);
      GraphNode idle = idle(run);
      List<GraphEdge> absent = List.of(new GraphEdge(idle, child, 0));
      assertThatThrownBy(() -> audit(run, batch, absent, PLENTY))
          .isInstanceOf(ZlensException.class)
          .hasMessageStartingWith("'" + idle.name() + "' is no part of L1.attn_out there");
    }
  }

  private static GraphNode idle(CleanRun run) {
    try (Scope scope = Scope.open()) {
      Tensor z = run.activations().get(run.saes().attention(1).location());
      Tensor vector = z.select(0, ROW).select(0, 4).reshape(-1);
      float[] acts = run.saes().attention(1).encode(vector).floats();
      for (int i = 0; i < acts.length; i++) {
        if (acts[i] == 0) {
          return new GraphNode(Part.ATTENTION_FEATURE, 1, i, 4);
        }
      }
    }
    throw new IllegalStateException("all features are active");
  }

  @Test
  void whatIsDoneWhenAnAuditIsStoppedStays() {
    try (RandomModel holder = RandomModel.processed(4).withSaes(30);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(holder.tokens(2, POSITIONS));
      CleanRun run = CleanRun.of(holder.saes(), batch.tokens());
      List<GraphEdge> edges = edges(run, new Random(1));
      EdgeAudit audit = audit(run, batch, edges, 40_000);
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
      assertThat(audit.measured().stream().filter(Optional::isPresent).count())
          .isBetween(1L, (long) audit.measurable() - 1);
    }
  }

  @Test
  void trustLooksAtTheLargerOfTheTwo() {
    assertThat(Trust.of(1, 0.81, 1)).isEqualTo(Trust.GOOD);
    assertThat(Trust.of(0.81, 1, 1)).isEqualTo(Trust.GOOD);
    assertThat(Trust.of(1, 0.79, 1)).isEqualTo(Trust.DOUBTFUL);
    assertThat(Trust.of(0.51, 1, 1)).isEqualTo(Trust.DOUBTFUL);
    assertThat(Trust.of(0.49, 1, 1)).isEqualTo(Trust.WRONG);
    assertThat(Trust.of(1, -0.1, 1)).isEqualTo(Trust.WRONG);
    assertThat(Trust.of(0.001, 0, 1)).isEqualTo(Trust.GOOD);
    assertThat(Trust.of(0, 0, 0)).isEqualTo(Trust.GOOD);
  }
}
