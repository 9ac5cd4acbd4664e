package org.zlens.engine.attribute.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Experiment;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.plan.Memory;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Circuits of features on random models: their identities, and a plain form of every number. */
class CircuitTest {
  private static final int FEATURES = 12;
  private static final int[] LENGTHS = {5, 4, 5};

  private RandomModel random;
  private Scope scope;
  private Batch batch;
  private Metric metric;

  @BeforeEach
  void open() {
    random = RandomModel.grouped(11).withSaes(FEATURES);
    scope = Scope.open();
    batch = new Batch(random.tokens(3, 5), LENGTHS);
    metric = new Metric.LogitDifference(batch.ends(), new long[] {1, 2, 3}, new long[] {4, 5, 6});
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  /** Places counted from the start, two of them one. */
  private static Alignment alignment() {
    List<int[]> places = new ArrayList<>();
    for (int length : LENGTHS) {
      places.add(IntStream.range(0, length).map(position -> Math.min(position, 3)).toArray());
    }
    return new Alignment(List.of("first", "second", "third", "rest"), places);
  }

  private List<Sae> saes(boolean residual) {
    return IntStream.range(0, 3)
        .mapToObj(l -> residual ? random.saes().residual(l) : random.saes().attention(l))
        .toList();
  }

  private CircuitSpace space(boolean residual, boolean mean) {
    return CircuitSpace.of(random.model(), saes(residual), batch, alignment(), mean);
  }

  private CircuitEffects effects(CircuitSpace space, int steps) {
    return new CircuitEffects(random.model(), batch, metric, space, steps, Progress.NONE);
  }

  private CircuitScores scores(CircuitSpace space) {
    return new CircuitScores(random.model(), batch, metric, space, Memory.usual(), Progress.NONE);
  }

  private static List<CircuitNode> all(CircuitSpace space) {
    List<CircuitNode> nodes = new ArrayList<>();
    for (int sae = 0; sae < space.saes().size(); sae++) {
      for (int place = 0; place < space.alignment().names().size(); place++) {
        nodes.add(CircuitNode.error(sae, place));
        for (int feature = 0; feature < FEATURES; feature++) {
          nodes.add(new CircuitNode(sae, feature, place));
        }
      }
    }
    return nodes;
  }

  @Test
  void aFeaturesContributionIsWhatAblatingItIsEstimatedToLose() {
    CircuitSpace space = space(false, false);
    GradientAttribution estimate =
        new GradientAttribution(random.model(), batch, metric, 0, Progress.NONE);
    Where third = Where.rows(List.of(new int[] {2}, new int[] {2}, new int[] {2}));
    int[] features = IntStream.range(0, FEATURES).toArray();
    double[][] alone = estimate.features(random.saes().attention(1), features, third);
    Map<CircuitNode, NodeEffect> found = new HashMap<>();
    effects(space, 0).nodes().forEach(one -> found.put(one.node(), one));
    for (int feature : features) {
      NodeEffect one = found.get(new CircuitNode(1, feature, 2));
      double mean = -Arrays.stream(alone[feature]).average().orElseThrow();
      assertThat(one == null ? 0 : one.contribution()).isCloseTo(mean, offset(1e-5));
      if (one != null) {
        long prompts = Arrays.stream(alone[feature]).filter(v -> v != 0).count();
        assertThat(one.prompts()).isEqualTo((int) prompts);
        double squares = Arrays.stream(alone[feature]).map(v -> (v + mean) * (v + mean)).sum();
        assertThat(one.spread()).isCloseTo(Math.sqrt(squares / 3), offset(1e-5));
      }
    }
  }

  /** Whatever stands for absence, a node contributes what all its edges together do. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theEdgesOfANodeAddUpToIt(int kind) {
    CircuitSpace space = space(kind % 2 == 1, kind > 1);
    CircuitEffects effects = effects(space, 0);
    Map<CircuitNode, Double> sums = new HashMap<>();
    for (CircuitEdge edge : effects.edges(all(space))) {
      sums.merge(edge.from(), edge.contribution(), Double::sum);
      if (edge.to() != null) {
        assertThat(edge.from().sae()).isLessThan(edge.to().sae());
      }
    }
    List<NodeEffect> nodes = effects.nodes();
    assertThat(nodes).hasSizeGreaterThan(20);
    for (NodeEffect one : nodes) {
      assertThat(sums.getOrDefault(one.node(), 0.0)).isCloseTo(one.contribution(), offset(1e-4));
    }
    List<CircuitNode> some = nodes.stream().limit(9).map(NodeEffect::node).toList();
    for (CircuitEdge edge : effects.edges(some)) {
      assertThat(some).contains(edge.from());
      if (edge.to() != null) {
        assertThat(some).contains(edge.to());
      }
    }
  }

  /**
   * The direct effect of one node on another by finite differences, what lies between held; the
   * last layer matters at the end alone.
   */
  @Test
  void anEdgeIsTheSlopeOfANodeAlongAnotherTimesWhatTheMetricMakesOfIt() {
    CircuitSpace space = space(false, false);
    CircuitEffects effects = effects(space, 0);
    List<CircuitEdge> edges =
        effects.edges(all(space)).stream()
            .filter(e -> e.to() != null && !e.from().isError() && !e.to().isError())
            .filter(e -> e.from().sae() == 0 && e.to().sae() == 2)
            .limit(5)
            .toList();
    assertThat(edges).hasSize(5);
    Location[] sites = {Location.of(Site.Z, 0), Location.of(Site.Z, 1), Location.of(Site.Z, 2)};
    Activations clean =
        random.model().forward(batch.tokens(), Hooks.none().capture(sites).withoutLogits());
    for (CircuitEdge edge : edges) {
      double step = 1e-2;
      double[] up = moved(edge, clean, step);
      double[] down = moved(edge, clean, -step);
      double[] slopes = slopes(edge.to());
      double expected = 0;
      for (int row = 0; row < 3; row++) {
        expected += -slopes[row] * (up[row] - down[row]) / (2 * step) / 3;
      }
      assertThat(edge.contribution()).isCloseTo(expected, offset(2e-3));
    }
  }

  /** A feature's activations in a pass in which another is scaled and the site between held. */
  private double[] moved(CircuitEdge edge, Activations clean, double step) {
    Sae from = random.saes().attention(0);
    Sae to = random.saes().attention(2);
    Edit move =
        new Edit(
            Location.of(Site.Z, 0),
            "moved",
            Edit.Effect.MAY_CHANGE,
            values -> {
              Tensor acts = from.encode(values, edge.from().feature());
              Tensor added = from.decodeChange(acts.mul(step), values, edge.from().feature());
              return values.add(at(edge.from().place(), added).reshape(values.shape()));
            });
    Edit hold =
        new Edit(
            Location.of(Site.Z, 1),
            "held",
            Edit.Effect.MAY_CHANGE,
            values -> clean.get(Location.of(Site.Z, 1)));
    Hooks hooks = Hooks.none().edit(move).edit(hold).capture(Location.of(Site.Z, 2));
    Tensor z =
        random.model().forward(batch.tokens(), hooks.withoutLogits()).get(Location.of(Site.Z, 2));
    float[] acts = to.encode(z, edge.to().feature()).floats();
    return IntStream.range(0, 3).mapToDouble(row -> acts[row * 5 + LENGTHS[row] - 1]).toArray();
  }

  /** Values {@code [batch, pos, ..]} at a place, zeros elsewhere. */
  private Tensor at(int place, Tensor values) {
    float[] mask = new float[15];
    for (int row = 0; row < 3; row++) {
      for (int position = 0; position < LENGTHS[row]; position++) {
        mask[row * 5 + position] = alignment().place(row, position) == place ? 1 : 0;
      }
    }
    return values.mul(Tensor.of(mask, 3, 5, 1));
  }

  /** The slope of each prompt's metric along a feature's activation at the end. */
  private double[] slopes(CircuitNode node) {
    Sae sae = random.saes().attention(node.sae());
    int[] features = {node.feature()};
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      rows.add(new int[] {LENGTHS[row] - 1});
    }
    double[] lost =
        new GradientAttribution(random.model(), batch, metric, 0, Progress.NONE)
            .features(sae, features, Where.rows(rows))[0];
    Tensor z =
        random
            .model()
            .forward(batch.tokens(), Hooks.none().capture(sae.location()).withoutLogits())
            .get(sae.location());
    float[] acts = sae.encode(z, node.feature()).floats();
    return IntStream.range(0, 3)
        .mapToDouble(
            row -> {
              double act = acts[row * 5 + LENGTHS[row] - 1];
              return act == 0 ? 0 : lost[row] / act;
            })
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void scoresAreThoseOfPlainRuns(int kind) {
    boolean mean = kind > 1;
    CircuitSpace space = space(kind % 2 == 1, mean);
    List<NodeEffect> ranked = effects(space, 0).nodes();
    List<CircuitScore> scores = scores(space).curve(ranked, 0, 1, 4, 9);
    PlainCircuit plain = new PlainCircuit(random.model(), batch, metric, space, mean);
    double whole = plain.metric(all(space));
    double nothing = plain.metric(List.of());
    for (CircuitScore score : scores) {
      List<CircuitNode> circuit =
          ranked.stream().limit(score.nodes()).map(NodeEffect::node).toList();
      List<CircuitNode> others = new ArrayList<>(all(space));
      others.removeAll(circuit);
      assertThat(score.alone()).isCloseTo(plain.metric(circuit), offset(1e-4));
      assertThat(score.without()).isCloseTo(plain.metric(others), offset(1e-4));
      assertThat(score.faithfulness())
          .isCloseTo((score.alone() - nothing) / (whole - nothing), offset(1e-3));
      assertThat(score.completeness())
          .isCloseTo((score.without() - nothing) / (whole - nothing), offset(1e-3));
    }
    List<CircuitNode> five = ranked.stream().limit(5).map(NodeEffect::node).toList();
    double[] lost = scores(space).minimality(five);
    double faithful = (plain.metric(five) - nothing) / (whole - nothing);
    assertThat(lost[5]).isCloseTo(faithful, offset(1e-3));
    for (int i = 0; i < 5; i++) {
      List<CircuitNode> four = new ArrayList<>(five);
      four.remove(i);
      double left = (plain.metric(four) - nothing) / (whole - nothing);
      assertThat(lost[i]).isCloseTo(faithful - left, offset(1e-3));
    }
  }

  @Test
  void nothingIsNotFaithfulAndTheWholeModelIs() {
    CircuitSpace space = space(true, false);
    List<NodeEffect> everything =
        all(space).stream().map(node -> new NodeEffect(node, 1, 0, 3)).toList();
    List<CircuitScore> scores = scores(space).curve(everything, 0, everything.size());
    assertThat(scores.get(0).faithfulness()).isZero();
    assertThat(scores.get(0).completeness()).isEqualTo(1);
    assertThat(scores.get(1).faithfulness()).isEqualTo(1);
    assertThat(scores.get(1).completeness()).isZero();
    double clean =
        Arrays.stream(
                Experiment.measure(random.model(), batch, metric, space.alone("none", List.of()))
                    .clean())
            .average()
            .orElseThrow();
    assertThat(scores.get(1).alone()).isCloseTo(clean, offset(1e-5));
  }

  /** All nodes of one SAE absent: integrated gradients add up to what that does. */
  @Test
  void integratedGradientsAddUpToTheEmptyCircuit() {
    for (boolean mean : new boolean[] {false, true}) {
      CircuitSpace space =
          CircuitSpace.of(
              random.model(), List.of(random.saes().residual(2)), batch, alignment(), mean);
      double sum = effects(space, 60).nodes().stream().mapToDouble(NodeEffect::contribution).sum();
      CircuitScore nothing = scores(space).curve(List.of(), 0).get(0);
      assertThat(sum).isCloseTo(nothing.without() - nothing.alone(), offset(5e-3));
    }
  }

  @Test
  void aMetricThatDoesNotHangOnTheNodesHasNoCircuit() {
    Alignment nowhere = alignment().only(List.of(new int[] {4}, new int[0], new int[0])).compact();
    CircuitSpace space =
        CircuitSpace.of(random.model(), List.of(random.saes().attention(1)), batch, nowhere, false);
    assertThat(nowhere.names()).containsExactly("rest");
    Metric first =
        new Metric.LogitDifference(new int[] {0, 0, 0}, new long[] {1, 2, 3}, new long[] {4, 5, 6});
    CircuitScores scores =
        new CircuitScores(random.model(), batch, first, space, Memory.usual(), Progress.NONE);
    assertThatThrownBy(() -> scores.curve(List.of(), 0))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("so no circuit is a share of it");
  }
}
