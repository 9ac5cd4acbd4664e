package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.attribute.PlainTree.Options;
import org.zlens.engine.attribute.PlainTree.Via;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** Attributions add up in an edited run too, and say no where they would not. */
class AttributionUnderEditsTest {
  private static final int END = 8;
  private static final Where EVERYWHERE = Where.everywhere();

  private RandomModel random;
  private Scope scope;
  private Batch batch;

  @BeforeEach
  void open() {
    random = RandomModel.processed(5).withSaes(60);
    scope = Scope.open();
    batch = Batch.of(random.tokens(2, 9));
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  private CleanRun under(Intervention... edits) {
    Standing standing =
        new Standing(
            random.model(), batch, Arrays.stream(edits).map(List::of).toList(), (step, c) -> {});
    return CleanRun.of(standing.model(), random.saes(), batch.tokens());
  }

  private int strongest(Sae sae) {
    return Sweep.activity(random.model(), sae, batch, Where.all(END)).get(0).feature();
  }

  private static double sum(Attribution attribution) {
    return attribution.rows().stream().mapToDouble(Contribution::contribution).sum();
  }

  @Test
  void logitsAreSplitByTheActivationsThatEditsLeft() {
    Sae sae = random.saes().attention(1);
    int feature = strongest(sae);
    int other = (feature + 7) % 60;
    CleanRun run =
        under(
            FeatureAblation.of(sae, feature, EVERYWHERE),
            Splice.withError(sae).edit(FeatureEdit.pin(other, 3, EVERYWHERE)),
            HeadAblation.of(0, 2, Fill.ZERO, EVERYWHERE),
            Splice.withoutError(random.saes().attention(2)));
    for (int row = 0; row < 2; row++) {
      LogitAttribution split = LogitAttribution.of(run, row, END, 17);
      double logit = run.activations().logits().select(0, row).select(0, END).select(0, 17).item();
      for (Attribution one : List.of(split.byComponent(), split.byHead(), split.byFeature())) {
        assertThat(sum(one)).isCloseTo(logit, offset(1e-4));
      }
      List<Contribution> features =
          split.byFeature().rows().stream()
              .filter(r -> r.part() == Part.ATTENTION_FEATURE && r.layer() == 1)
              .toList();
      assertThat(features).noneMatch(r -> r.index() == feature);
      assertThat(features)
          .filteredOn(r -> r.index() == other)
          .singleElement()
          .satisfies(r -> assertThat(r.activation()).isCloseTo(3, offset(1e-6)));
      assertThat(split.byFeature().rows())
          .filteredOn(r -> r.part() == Part.SAE_ERROR && r.layer() == 2)
          .singleElement()
          .satisfies(r -> assertThat(r.contribution()).isZero());
    }
  }

  @Test
  void aFeatureBesideAnEditedOneIsExplainedAsBefore() {
    Sae sae = random.saes().attention(1);
    int feature = strongest(sae);
    CleanRun edited = under(FeatureAblation.of(sae, (feature + 1) % 60, EVERYWHERE));
    CleanRun clean = CleanRun.of(random.saes(), batch.tokens());
    DirectFeatureAttribution before = DirectFeatureAttribution.of(clean, 1, feature, 0, END);
    DirectFeatureAttribution after = DirectFeatureAttribution.of(edited, 1, feature, 0, END);
    assertThat(after.preActivation()).isCloseTo(before.preActivation(), offset(1e-5));
    assertThat(sum(after.bySource())).isCloseTo(after.preActivation(), offset(1e-4));
  }

  @Test
  void treesFollowTheEditedRunAndStopAtWhatAnEditSet() {
    Sae upper = random.saes().attention(2);
    Sae lower = random.saes().attention(0);
    int feature = strongest(upper);
    Options wide = new Options(9, 2, 1e-9, Via.ATTENTION);
    CleanRun clean = CleanRun.of(random.saes(), batch.tokens());
    PlainTree.Node before = PlainTree.of(clean, 2, feature, 0, END, wide, Progress.NONE);
    PlainTree.Child child =
        before.sources().stream()
            .flatMap(source -> source.children().stream())
            .filter(one -> one.node().layer() == 0 && !one.node().leaf())
            .findFirst()
            .orElseThrow();
    int followed = child.node().feature();
    CleanRun edited =
        under(Splice.withError(lower).edit(FeatureEdit.scale(followed, 1.01, EVERYWHERE)));
    PlainTree.Node after = PlainTree.of(edited, 2, feature, 0, END, wide, Progress.NONE);
    List<PlainTree.Node> nodes =
        after.sources().stream()
            .flatMap(source -> source.children().stream())
            .map(PlainTree.Child::node)
            .toList();
    assertThat(nodes)
        .filteredOn(node -> node.layer() == 0 && node.feature() == followed)
        .isNotEmpty()
        .allMatch(PlainTree.Node::leaf);
    assertThat(nodes).anyMatch(node -> !node.leaf());
    CleanRun set = under(Splice.withError(upper).edit(FeatureEdit.pin(feature, 2, EVERYWHERE)));
    refused(
        () -> PlainTree.of(set, 2, feature, 0, END, wide, Progress.NONE),
        "is what an edit in force has made it");
  }

  @Test
  void whatWouldNotAddUpIsRefused() {
    CleanRun heads = under(HeadAblation.of(1, 2, Fill.ZERO, EVERYWHERE));
    refused(() -> DirectFeatureAttribution.of(heads, 1, 3, 0, END), "'ablate L1.H2' at L1.z");
    assertThat(sum(DirectFeatureAttribution.of(heads, 2, 3, 0, END).bySource()))
        .isCloseTo(DirectFeatureAttribution.of(heads, 2, 3, 0, END).preActivation(), offset(1e-4));
    Sae residual = random.saes().residual(1);
    CleanRun steered = under(Splice.withError(residual).edit(FeatureEdit.add(4, 2, EVERYWHERE)));
    refused(() -> LogitAttribution.of(steered, 0, END, 17), "'steer L1.R4 by 2' at L1.resid_pre");
    DirectFeatureAttribution later = DirectFeatureAttribution.of(steered, 2, 3, 0, END);
    assertThat(sum(later.bySource())).isCloseTo(later.preActivation(), offset(1e-4));
    refused(() -> SourceAttribution.of(steered, later, 3, 1), "the stream is not what");
    DirectFeatureAttribution earlier = DirectFeatureAttribution.of(steered, 0, 3, 0, END);
    assertThat(sum(SourceAttribution.of(steered, earlier, 3, 1).byComponent()))
        .isCloseTo(earlier.at(3), offset(1e-4));
  }

  private static void refused(ThrowingCallable action, String message) {
    assertThatThrownBy(action).isInstanceOf(ZlensException.class).hasMessageContaining(message);
  }
}
