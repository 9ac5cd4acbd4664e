package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Interventions in force against the same ones made in one pass by hand. */
class StandingTest {
  private RandomModel random;
  private Scope scope;
  private Sae sae;
  private Batch batch;

  @BeforeEach
  void open() {
    random = RandomModel.processed(11).withSaes(40);
    scope = Scope.open();
    sae = random.saes().attention(1);
    batch = new Batch(random.tokens(3, 9), new int[] {9, 7, 8});
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  private Standing standing(Intervention... steps) {
    return new Standing(
        random.model(), batch, Arrays.stream(steps).map(List::of).toList(), (step, change) -> {});
  }

  private Tensor logits(Transformer model, Hooks hooks) {
    return model.forward(batch.tokens(), hooks).logits();
  }

  private Tensor together(Intervention... each) {
    Metric metric = new Metric.LogitDifference(batch.ends(), new long[3], new long[] {1, 1, 1});
    try (Experiment experiment = new Experiment(random.model(), batch, metric, List.of(each))) {
      return logits(random.model(), experiment.hooks(List.of(each)));
    }
  }

  private int[] active(Where where) {
    return Sweep.activity(random.model(), sae, batch, where).stream()
        .mapToInt(activity -> activity.feature())
        .toArray();
  }

  @Test
  void whatIsInForceIsWhatOnePassDoes() {
    Random draw = new Random(3);
    for (int turn = 0; turn < 40; turn++) {
      Where where = turn % 3 == 0 ? Where.everywhere() : Where.each(3 + turn % 4, 6, turn % 8);
      int[] active = active(where);
      List<Intervention> all =
          new ArrayList<>(
              List.of(
                  FeatureAblation.of(sae, active[draw.nextInt(active.length)], where),
                  Splice.withError(sae)
                      .edit(FeatureEdit.add(draw.nextInt(40), draw.nextGaussian(), where)),
                  new ErrorAblation(random.saes().residual(2), where),
                  HeadAblation.of(draw.nextInt(3), draw.nextInt(4), Fill.ZERO, where)));
      Intervention first = all.remove(draw.nextInt(all.size()));
      Intervention second = all.remove(draw.nextInt(all.size()));
      Tensor expected = together(first, second);
      Transformer both = standing(first, second).model();
      assertClose("beside", logits(both, Hooks.none()).floats(), expected.floats(), 1e-4);
      Transformer outer = standing(first).model();
      try (Experiment inner =
          new Experiment(outer, batch, new Metric.Divergence(batch.ends()), List.of(second))) {
        Tensor nested = logits(outer, inner.hooks(List.of(second)));
        assertClose("inside", nested.floats(), expected.floats(), 1e-4);
      }
    }
  }

  @Test
  void featuresOfOneSaeAreEditedTogetherInAnyNesting() {
    Where where = Where.each(3, 6, 0);
    int[] active = active(where);
    List<Integer> features = List.of(active[0], active[1], active[2]);
    Tensor expected = together(new FeatureAblation(sae, features, where));
    Intervention[] each =
        features.stream().map(f -> FeatureAblation.of(sae, f, where)).toArray(Intervention[]::new);
    Tensor stacked = logits(standing(each).model(), Hooks.none());
    assertClose("one after the other", stacked.floats(), expected.floats(), 1e-5);
  }

  @Test
  void editsOfOneFeatureActInTurn() {
    int feature = active(Where.everywhere())[0];
    Where some = Where.each(3, 6, 0);
    Splice pinned = Splice.withError(sae).edit(FeatureEdit.pin(feature, 2, some));
    Splice doubled = Splice.withError(sae).edit(FeatureEdit.scale(feature, 2, Where.everywhere()));
    Splice raised = Splice.withError(sae).edit(FeatureEdit.add(feature, 1, some));
    Activations pass =
        standing(pinned, doubled, raised)
            .model()
            .forward(batch.tokens(), Hooks.none().capture(sae.location()));
    Tensor z =
        random
            .model()
            .forward(batch.tokens(), Hooks.none().capture(sae.location()))
            .get(sae.location());
    float[] clean = sae.encode(z).reshape(3, 9, 40).select(-1, feature).reshape(-1).floats();
    SaeReading reading = SaeReading.of(sae, pass);
    int[] places = {3, 6, 0};
    int[] lengths = {9, 7, 8};
    for (int row = 0; row < 3; row++) {
      for (int position = 0; position < lengths[row]; position++) {
        double expected = position == places[row] ? 5 : 2 * clean[row * 9 + position];
        assertThat((double) reading.activations(row, position)[feature])
            .isCloseTo(expected, offset(1e-4));
        assertThat(reading.isEdited(feature, row, position)).isTrue();
      }
    }
    Tensor by = pass.get(sae.location()).sub(z).reshape(3, 9, -1).select(0, 0).select(0, 3);
    Tensor added = sae.directions(feature).reshape(-1).mul(5 - clean[3]);
    assertClose("z", by.floats(), added.floats(), 1e-4);
  }

  @Test
  void meansAreThoseOfThePassWithoutTheStep() {
    Intervention outer = FeatureAblation.of(sae, active(Where.everywhere())[0], Where.everywhere());
    Intervention inner = HeadAblation.of(2, 1, Fill.MEAN, Where.everywhere());
    Transformer edited = standing(outer).model();
    Metric metric = new Metric.Divergence(batch.ends());
    Tensor expected;
    try (Experiment experiment = new Experiment(edited, batch, metric, List.of(inner))) {
      expected = logits(edited, experiment.hooks(List.of(inner)));
    }
    Standing both = standing(outer, inner);
    assertThat(both.readsClean()).isTrue();
    assertClose("means", logits(both.model(), Hooks.none()).floats(), expected.floats(), 1e-5);
  }

  @Test
  void partsOfThePromptsFindTheirOwnPlaces() {
    Where where = Where.each(3, 6, 0);
    Intervention edit = FeatureAblation.of(sae, active(where)[0], where);
    Standing standing = standing(edit);
    float[] all = logits(standing.model(), Hooks.none()).floats();
    Tensor rows = batch.tokens().slice(0, 1, 3);
    Batch part = standing.admit(Batch.part(rows, 1, new int[] {9, 7, 8}));
    float[] some = standing.model().forward(part.tokens(), Hooks.none()).logits().floats();
    int each = all.length / 3;
    assertClose("rows 1 and 2", some, Arrays.copyOfRange(all, each, 3 * each), 1e-5);
  }

  @Test
  void otherTokensAreRefused() {
    Transformer edited =
        standing(SiteEdit.zero(Location.of(Site.MLP_OUT, 0), Where.all(0))).model();
    assertThatThrownBy(() -> edited.forward(random.tokens(3, 9), Hooks.none()))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("other tokens than the prompts");
  }

  @Test
  void passesThatEndBeforeAnEditOweNothing() {
    TreeMap<Integer, Double> heard = new TreeMap<>();
    Intervention early = SiteEdit.zero(Location.of(Site.MLP_OUT, 0), Where.everywhere());
    Intervention late = SiteEdit.zero(Location.of(Site.MLP_OUT, 2), Where.everywhere());
    Standing standing =
        new Standing(
            random.model(),
            batch,
            List.of(List.of(early), List.of(late)),
            (step, change) -> heard.merge(step, change, Double::sum));
    Location z = Location.of(Site.Z, 1);
    standing.model().forward(batch.tokens(), Hooks.none().capture(z).withoutLogits());
    assertThat(heard).containsOnlyKeys(0);
    assertThat(heard.get(0)).isGreaterThan(0);
    standing.model().forward(batch.tokens(), Hooks.none());
    assertThat(heard).containsOnlyKeys(0, 1);
  }

  @Test
  void anInactiveFeatureIsHeardOfAndNoError() {
    Where where = Where.each(3, 6, 0);
    int idle = 0;
    while (Arrays.binarySearch(Arrays.stream(active(where)).sorted().toArray(), idle) >= 0) {
      idle++;
    }
    List<Double> heard = new ArrayList<>();
    Standing standing =
        new Standing(
            random.model(),
            batch,
            List.of(List.of(FeatureAblation.of(sae, idle, where))),
            (step, change) -> heard.add(change));
    standing.model().forward(batch.tokens(), Hooks.none());
    assertThat(heard).containsExactly(0.0);
  }

  @Test
  void theModelItselfStaysAsItWas() {
    float[] before = logits(random.model(), Hooks.none()).floats();
    Edit.Effect owed = Edit.Effect.MAY_CHANGE;
    Intervention edit = HeadAblation.of(0, 1, Fill.ZERO, Where.everywhere());
    assertThat(edit.edits(null, batch, owed)).hasSize(1);
    float[] edited = logits(standing(edit).model(), Hooks.none()).floats();
    assertThat(edited).isNotEqualTo(before);
    assertThat(logits(random.model(), Hooks.none()).floats()).isEqualTo(before);
  }
}
