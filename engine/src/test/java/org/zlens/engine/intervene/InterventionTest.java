package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/** Interventions on a random model against slow references and against each other. */
class InterventionTest {
  private RandomModel random;
  private Scope scope;
  private Sae sae;
  private Batch batch;
  private Metric metric;

  @BeforeEach
  void open() {
    random = RandomModel.processed(7).withSaes(40);
    scope = Scope.open();
    sae = random.saes().attention(1);
    batch = new Batch(random.tokens(3, 9), new int[] {9, 7, 8});
    metric = new Metric.LogitDifference(batch.ends(), new long[] {1, 2, 3}, new long[] {4, 5, 6});
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  private Tensor run(Hooks hooks) {
    return random.model().forward(batch.tokens(), hooks).logits();
  }

  private Tensor run(Intervention... together) {
    try (Experiment experiment = new Experiment(random.model(), batch, metric, List.of(together))) {
      return run(experiment.hooks(List.of(together)));
    }
  }

  private int strongest(Where where) {
    return Sweep.activity(random.model(), sae, batch, where).get(0).feature();
  }

  @Test
  void splicesEqualTheirDefinition() {
    int[][] places = {{0, 3}, {1, 6}, {2, 0}};
    Where where = Where.each(3, 6, 0);
    int feature = strongest(where);
    int other = (feature + 1) % sae.features();
    Tensor slow = run(Hooks.none().edit(SlowSplice.edit(sae, places, Map.of(feature, 0.0), true)));
    assertClose("zero", run(FeatureAblation.of(sae, feature, where)).floats(), slow.floats(), 1e-5);
    Map<Integer, Double> two = Map.of(feature, 1.5, other, 0.25);
    for (boolean keepsError : new boolean[] {true, false}) {
      Splice splice =
          (keepsError ? Splice.withError(sae) : Splice.withoutError(sae))
              .edit(FeatureEdit.pin(feature, 1.5, where))
              .edit(FeatureEdit.pin(other, 0.25, Where.each(3, 6, 0)));
      Tensor expected = run(Hooks.none().edit(SlowSplice.edit(sae, places, two, keepsError)));
      Tensor actual = run(splice);
      for (int row = 0; row < batch.rows(); row++) {
        int length = batch.lengths()[row];
        assertClose(
            splice.name(),
            actual.select(0, row).slice(0, 0, length).floats(),
            expected.select(0, row).slice(0, 0, length).floats(),
            1e-5);
      }
    }
  }

  @Test
  void zeroingAllFeaturesAndTheErrorLeavesTheBias() {
    List<Integer> active =
        Sweep.activity(random.model(), sae, batch, Where.everywhere()).stream()
            .map(ActiveFeatures.Activity::feature)
            .toList();
    Splice all = Splice.withError(sae).zeroError(Where.everywhere());
    for (int feature : active) {
      all = all.edit(FeatureEdit.zero(feature, Where.everywhere()));
    }
    try (Experiment experiment =
        new Experiment(random.model(), Batch.of(batch.tokens()), metric, List.of())) {
      Hooks hooks = experiment.hooks(List.of(all)).capture(sae.location());
      Tensor z = random.model().forward(batch.tokens(), hooks).get(sae.location());
      Tensor bias = sae.bDec().reshape(1, 1, 4, 6).expand(3, 9, 4, 6);
      assertClose("z", z.floats(), bias.floats(), 1e-5);
    }
  }

  @Test
  void scalingByZeroIsZeroingAndByOneChangesNothing() {
    Where where = Where.everywhere();
    int feature = strongest(where);
    Tensor zero = run(Splice.withError(sae).edit(FeatureEdit.zero(feature, where)));
    Tensor scaled = run(Splice.withError(sae).edit(FeatureEdit.scale(feature, 0, where)));
    assertThat(scaled.floats()).isEqualTo(zero.floats());
    assertThatThrownBy(() -> run(Splice.withError(sae).edit(FeatureEdit.scale(feature, 1, where))))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("changed nothing");
  }

  @Test
  void whatLiesLeftOfAnEditStaysAndSoDoOtherRows() {
    Where where = Where.rows(List.of(new int[] {}, new int[] {4}, new int[] {}));
    Tensor before = run(Hooks.none());
    Tensor after = run(FeatureAblation.of(sae, strongest(where), where));
    assertClose("row 0", after.select(0, 0).floats(), before.select(0, 0).floats(), 1e-6);
    assertClose(
        "left",
        after.select(0, 1).slice(0, 0, 4).floats(),
        before.select(0, 1).slice(0, 0, 4).floats(),
        1e-6);
    assertThat(
            after
                .select(0, 1)
                .select(0, 4)
                .sub(before.select(0, 1).select(0, 4))
                .abs()
                .max()
                .item())
        .isGreaterThan(1e-4);
  }

  @Test
  void fillingDoesNotCountInMeansAndLosses() {
    Batch longer = new Batch(padded(), batch.lengths());
    for (Intervention intervention :
        List.of(
            HeadAblation.of(1, 2, Fill.MEAN, Where.everywhere()),
            HeadAblation.of(0, 1, Fill.MEAN_PER_POSITION, Where.each(2, 6, 7)),
            new ErrorAblation(sae, Where.everywhere()))) {
      Metric[] metrics = {metric, new Metric.NextTokenLoss(), new Metric.Divergence(batch.ends())};
      for (Metric one : metrics) {
        Outcome a = Experiment.measure(random.model(), batch, one, intervention);
        Outcome b = Experiment.measure(random.model(), longer, one, intervention);
        for (int row = 0; row < batch.rows(); row++) {
          assertThat(a.changed()[row])
              .as(intervention.name() + ", " + one.name())
              .isCloseTo(b.changed()[row], offset(1e-5));
        }
      }
    }
  }

  /** The same prompts with four more tokens of filling. */
  private Tensor padded() {
    return Tensor.cat(List.of(batch.tokens(), random.tokens(3, 4)), 1);
  }

  @Test
  void meanOfHeadsByHand() {
    Location at = Location.of(Site.Z, 0);
    Tensor z = random.model().forward(batch.tokens(), Hooks.none().capture(at)).get(at);
    float[] values = z.floats();
    double[] mean = new double[6];
    int count = 0;
    for (int row = 0; row < 3; row++) {
      for (int p = 0; p < batch.lengths()[row]; p++) {
        count++;
        for (int i = 0; i < 6; i++) {
          mean[i] += values[((row * 9 + p) * 4 + 3) * 6 + i];
        }
      }
    }
    HeadAblation ablation = HeadAblation.of(0, 3, Fill.MEAN, Where.each(1, 2, 3));
    try (Experiment experiment = new Experiment(random.model(), batch, metric, List.of(ablation))) {
      Hooks hooks = experiment.hooks(List.of(ablation)).capture(at);
      float[] after = random.model().forward(batch.tokens(), hooks).get(at).floats();
      for (int i = 0; i < after.length; i++) {
        int position = i / 24 % 9;
        int row = i / 216;
        boolean changed = position == row + 1 && i / 6 % 4 == 3;
        double expected = changed ? mean[i % 6] / count : values[i];
        assertThat((double) after[i]).isCloseTo(expected, offset(1e-6));
      }
    }
  }

  @Test
  void lossOnChosenTokensIsThatOfThoseTokens() {
    Metric all = new Metric.NextTokenLoss();
    Where everyTarget =
        Where.rows(
            List.of(range(1, batch.lengths()[0]), range(1, batch.lengths()[1]), new int[] {5}));
    Metric chosen = new Metric.TokenLoss(everyTarget);
    Intervention nothing = Splice.withError(sae);
    double[] a = Experiment.measure(random.model(), batch, all, nothing).clean();
    double[] b = Experiment.measure(random.model(), batch, chosen, nothing).clean();
    assertThat(b[0]).isCloseTo(a[0], offset(1e-6));
    assertThat(b[1]).isCloseTo(a[1], offset(1e-6));
    Tensor logs = run(Hooks.none()).logSoftmax(-1);
    long token = batch.tokens().select(0, 2).longs()[5];
    assertThat(b[2])
        .isCloseTo(-logs.select(0, 2).select(0, 4).select(0, token).item(), offset(1e-5));
    assertThatThrownBy(
            () ->
                Experiment.measure(
                    random.model(), batch, new Metric.TokenLoss(Where.all(0)), nothing))
        .hasMessage("the first token of prompt 0 is not predicted");
  }

  private static int[] range(int from, int to) {
    int[] numbers = new int[to - from];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = from + i;
    }
    return numbers;
  }

  @Test
  void aSweepIsItsInterventionsOneByOne() {
    Where where = Where.each(3, 6, 0);
    List<Intervention> each = new ArrayList<>();
    each.addAll(Sweep.activeFeatures(random.model(), sae, batch, where).subList(0, 4));
    each.addAll(Sweep.heads(random.model().config(), Fill.ZERO, Where.everywhere()));
    List<Long> heard = new ArrayList<>();
    Sweep sweep =
        Sweep.run(
            random.model(),
            batch,
            metric,
            each,
            List.of("ABBA", "BABA", "ABBA"),
            (done, total) -> heard.add(done * 100 + total));
    assertThat(sweep.rows()).hasSize(16);
    assertThat(heard).hasSize(17).startsWith(16L, 116L).endsWith(1616L);
    for (Sweep.Row row : sweep.rows()) {
      Outcome alone = Experiment.measure(random.model(), batch, metric, row.intervention());
      assertThat(row.effects()).containsExactly(alone.effects(), offset(1e-4));
      double[] e = row.effects();
      assertThat(row.byGroup().get("ABBA")).isCloseTo((e[0] + e[2]) / 2, offset(1e-12));
      assertThat(row.byGroup().get("BABA")).isEqualTo(e[1]);
      assertThat(row.mean()).isCloseTo((e[0] + e[1] + e[2]) / 3, offset(1e-12));
    }
  }

  @Test
  void aSweepEndsWhenItIsToldTo() {
    List<HeadAblation> each = Sweep.heads(random.model().config(), Fill.ZERO, Where.everywhere());
    Progress impatient =
        (done, total) -> {
          if (done == 2) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        };
    assertThatThrownBy(() -> Sweep.run(random.model(), batch, metric, each, List.of(), impatient))
        .extracting(e -> ((ZlensException) e).kind())
        .isEqualTo(Kind.INTERRUPTED);
  }

  @Test
  void aSweepRefusesAnIdleFeatureBeforeItsFirstPass() {
    Where where = Where.each(3, 6, 0);
    List<FeatureAblation> active = Sweep.activeFeatures(random.model(), sae, batch, where);
    int idle = 0;
    for (FeatureAblation ablation : active) {
      if (active.stream().anyMatch(a -> a.features().contains(ablation.features().get(0) + 1))) {
        continue;
      }
      idle = ablation.features().get(0) + 1;
    }
    List<FeatureAblation> each = List.of(active.get(0), FeatureAblation.of(sae, idle, where));
    List<Long> heard = new ArrayList<>();
    assertThatThrownBy(
            () -> Sweep.run(random.model(), batch, metric, each, List.of(), (d, t) -> heard.add(d)))
        .hasMessageEndingWith("is not active at any of the positions");
    assertThat(heard).isEmpty();
  }

  @Test
  void badPlacesAreNamed() {
    refused(Where.each(3, 7, 0), "position 7 is outside prompt 1, which has 7 tokens");
    refused(Where.each(1, 2), "positions for 2 prompts, but there are 3");
    refused(Where.all(9), "position 9 is outside prompt 0, which has 9 tokens");
    refused(Where.rows(List.of(new int[0], new int[0], new int[0])), "no position is left");
    assertThatThrownBy(() -> run(HeadAblation.of(1, 4, Fill.ZERO, Where.everywhere())))
        .hasMessage("no head L1.H4 (the layer has 4)");
    assertThatThrownBy(() -> Target.of(Site.MLP_OUT, 1, 2)).hasMessage("'L1.mlp_out' has no heads");
  }

  private void refused(Where where, String message) {
    assertThatThrownBy(() -> run(SiteEdit.zero(Location.of(Site.Z, 1), where)))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining(message);
  }
}
