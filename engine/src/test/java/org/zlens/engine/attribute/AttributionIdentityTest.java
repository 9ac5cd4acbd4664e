package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** What must hold for any weights and any input, on random ones. */
class AttributionIdentityTest {
  private static final double ROUNDING = 1e-4;
  private static final int FEATURES = 30;

  private static RandomModel model(int seed) {
    return (seed % 2 == 0 ? RandomModel.processed(seed) : RandomModel.grouped(seed))
        .withSaes(FEATURES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void everySplitAddsUpAndEqualsItsDefinition(int seed) {
    try (RandomModel random = model(seed);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      Random choice = new Random(seed);
      for (int trial = 0; trial < 6; trial++) {
        int layer = choice.nextInt(3);
        int feature = choice.nextInt(FEATURES);
        int row = choice.nextInt(2);
        int destination = choice.nextInt(8);
        DirectFeatureAttribution direct =
            DirectFeatureAttribution.of(run, layer, feature, row, destination);
        adds(direct.byHead());
        adds(direct.bySource());
        adds(direct.byBoth());
        SlowAttribution slow = new SlowAttribution(run, layer, feature, row);
        float[] matrix =
            DirectFeatureAttribution.matrix(run, layer, feature)
                .select(0, row)
                .select(0, destination)
                .floats();
        for (int source = 0; source <= destination; source++) {
          double sum = 0;
          for (int head = 0; head < 4; head++) {
            double joint = slow.joint(head, destination, source);
            close(direct.joint()[head][source], joint);
            sum += joint;
          }
          close(matrix[source], sum);
          close(direct.bySource().values(Part.SOURCE)[source], sum);
        }
        int source = choice.nextInt(destination + 1);
        split(run, direct, slow, source);
      }
    }
  }

  private static void split(
      CleanRun run, DirectFeatureAttribution direct, SlowAttribution slow, int source) {
    SourceAttribution split = SourceAttribution.of(run, direct, source, direct.preActivation());
    adds(split.byComponent());
    adds(split.byFeature());
    adds(split.byResidualFeature().orElseThrow());
    close(split.byComponent().total(), split.contribution());
    double[] u = slow.readout(direct.destination(), source);
    for (Contribution part : split.byComponent().rows()) {
      Location location =
          switch (part.part()) {
            case EMBED -> Location.of(Site.EMBED);
            case POS_EMBED -> Location.of(Site.POS_EMBED);
            case ATTN_OUT -> Location.of(Site.ATTN_OUT, part.layer());
            case MLP_OUT -> Location.of(Site.MLP_OUT, part.layer());
            default -> null;
          };
      if (location != null) {
        float[] y = run.vector(location, direct.row(), source).floats();
        close(part.contribution(), slow.contribution(u, y, source));
      }
    }
    upstreamFeatures(run, direct, slow, split, u, source);
  }

  private static void upstreamFeatures(
      CleanRun run,
      DirectFeatureAttribution direct,
      SlowAttribution slow,
      SourceAttribution split,
      double[] u,
      int source) {
    for (Contribution part : split.byFeature().rows()) {
      if (part.part() == Part.ATTENTION_FEATURE) {
        Sae sae = run.saes().attention(part.layer());
        Tensor written =
            sae.directions(part.index())
                .matmul(run.model().weights().blocks().get(part.layer()).wO())
                .mul(part.activation());
        float[] y = written.reshape(-1).floats();
        close(part.contribution(), slow.contribution(u, y, source));
      }
    }
    for (int l = 0; l < direct.layer(); l++) {
      int earlier = l;
      double parts =
          split.byFeature().rows().stream()
              .filter(r -> r.layer() == earlier && r.part() != Part.MLP_OUT)
              .mapToDouble(Contribution::contribution)
              .sum();
      double whole =
          split.byComponent().rows().stream()
              .filter(r -> r.layer() == earlier && r.part() == Part.ATTN_OUT)
              .mapToDouble(Contribution::contribution)
              .sum();
      close(parts, whole);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11, 12, 13})
  void residualFeaturesAndLogitsAddUp(int seed) {
    try (RandomModel random = model(seed);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      for (int layer = 0; layer < 3; layer++) {
        ResidualFeatureAttribution feature =
            ResidualFeatureAttribution.of(run, layer, seed, 1, 7 - layer);
        adds(feature.byComponent());
        adds(feature.byFeature());
      }
      float[] logits = run.activations().logits().select(0, 1).select(0, 6).floats();
      LogitAttribution one = LogitAttribution.of(run, 1, 6, 3);
      close(one.byHead().sum(), logits[3]);
      adds(one.byComponent());
      adds(one.byFeature());
      LogitAttribution both = LogitAttribution.of(run, 1, 6, 3, OptionalInt.of(9));
      close(both.byFeature().sum(), logits[3] - logits[9]);
      List<Contribution> heads = both.byHead().rows();
      assertThat(heads).filteredOn(r -> r.part() == Part.HEAD).hasSize(12);
    }
  }

  /** Each step against the unembedding of the stream itself, and either scale of D-Fig19. */
  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16})
  void theStreamHoldsALogitLayerByLayerAtAnyScale(int seed) {
    try (RandomModel random = seed == 16 ? RandomModel.raw(seed) : model(seed);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      FinalPredictions full = predictions(random, tokens, Location.of(Site.RESID_POST, 2));
      for (int layer = -1; layer < 3; layer++) {
        LogitScale at = layer < 0 ? LogitScale.FINAL : LogitScale.before(layer);
        LogitAttribution one = LogitAttribution.of(run, 1, 6, 3, OptionalInt.of(9), at);
        adds(one.byComponent());
        adds(one.byHead());
        adds(one.byFeature());
        close(one.byHead().total(), one.byComponent().total());
        for (LogitStep step : one.byLayer()) {
          FinalPredictions lens =
              step.layer() == 2
                  ? full
                  : predictions(random, tokens, Location.of(Site.RESID_PRE, step.layer() + 1));
          close(step.lens(), difference(lens));
        }
        LogitStep last = one.byLayer().get(3);
        close(last.accumulated(), one.byComponent().total());
        double ratio =
            LogitScale.FINAL.of(run, 1, 6) / (layer < 0 ? LogitScale.FINAL : at).of(run, 1, 6);
        close(last.accumulated(), one.constant() + (difference(full) - one.constant()) * ratio);
      }
      assertThatThrownBy(
              () -> LogitAttribution.of(run, 1, 6, 3, OptionalInt.empty(), LogitScale.before(3)))
          .isInstanceOf(ZlensException.class)
          .hasMessage("no layer 3 in this model");
    }
  }

  private static FinalPredictions predictions(RandomModel random, Tensor tokens, Location at) {
    Tensor stream = random.model().forward(tokens, Hooks.none().capture(at)).get(at);
    Location end = Location.of(Site.RESID_POST, random.model().config().layers() - 1);
    Edit here = new Edit(end, "end here", Edit.Effect.MAY_CHANGE, values -> stream);
    Location normalized = Location.of(Site.FINAL_NORMALIZED);
    Hooks hooks = Hooks.none().edit(here).capture(normalized).withoutLogits();
    return new FinalPredictions(
        random.model(), random.model().forward(tokens, hooks).get(normalized));
  }

  private static double difference(FinalPredictions predictions) {
    Cells place = new Cells(new long[] {1}, new long[] {6});
    float[] logits = predictions.logits(place, new long[] {3, 9}).floats();
    return logits[0] - logits[1];
  }

  @Test
  void gainsAndBiasesOfNormsHaveRowsOfTheirOwn() {
    try (RandomModel random = RandomModel.raw(3);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      LogitAttribution logit = LogitAttribution.of(run, 0, 5, 11);
      adds(logit.byHead());
      assertThat(logit.byHead().values(Part.NORM_BIAS)[0]).isNotZero();
      assertThat(logit.byFeature().rows()).filteredOn(r -> r.part() == Part.ATTN_OUT).hasSize(3);
    }
  }

  @Test
  void theTreeAddsUpAtEveryNodeAndEndsWhereItShould() {
    try (RandomModel random = RandomModel.processed(5).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.upTo(2, random.saes(), random.tokens(2, 8));
      Sae sae = random.saes().attention(2);
      int feature = run.encoded(sae, 1, 7).active()[0];
      PlainTree.Node root =
          PlainTree.of(run, 2, feature, 1, 7, new PlainTree.Options(3, 2, 0.01), Progress.NONE);
      int nodes = walk(root, 0.01);
      assertThat(nodes).isGreaterThan(3);
      int idle = 0;
      while (run.encoded(sae, 1, 7).activation(idle) > 0) {
        idle++;
      }
      int silent = idle;
      assertThatThrownBy(
              () ->
                  PlainTree.of(run, 2, silent, 1, 7, new PlainTree.Options(3, 2, 0), Progress.NONE))
          .isInstanceOf(ZlensException.class)
          .hasMessage("L2.F" + silent + " is not active at any of the positions");
    }
  }

  @Test
  void aTreeThroughResidualFeaturesExplainsEachByWhatWroteIt() {
    try (RandomModel random = RandomModel.processed(5).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.upTo(2, random.saes(), random.tokens(2, 8));
      int feature = run.encoded(random.saes().attention(2), 1, 7).active()[0];
      PlainTree.Options options = new PlainTree.Options(4, 2, 0, PlainTree.Via.BOTH);
      PlainTree.Node both = PlainTree.of(run, 2, feature, 1, 7, options, Progress.NONE);
      PlainTree.Node direct =
          PlainTree.of(run, 2, feature, 1, 7, new PlainTree.Options(4, 2, 0), Progress.NONE);
      int followed = 0;
      for (int i = 0; i < both.sources().size(); i++) {
        PlainTree.Source source = both.sources().get(i);
        assertThat(source.children())
            .extracting(child -> child.contribution())
            .isEqualTo(
                direct.sources().get(i).children().stream()
                    .map(PlainTree.Child::contribution)
                    .toList());
        for (PlainTree.ResidualChild child : source.residual()) {
          assertThat(child.contribution().contribution()).isPositive();
          assertThat(child.split().position()).isEqualTo(source.split().position());
          assertThat(child.split().activation())
              .isEqualTo(child.contribution().activation(), offset(1e-4));
          adds(child.split().byFeature());
          followed += child.children().size();
        }
      }
      assertThat(followed).isPositive();
    }
  }

  @Test
  void theMeanOverPromptsAddsUpAsEachOfThemDoes() {
    try (RandomModel random = RandomModel.processed(7).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      List<Attribution> each =
          List.of(
              DirectFeatureAttribution.of(run, 1, 3, 0, 7).bySource(),
              DirectFeatureAttribution.of(run, 1, 3, 1, 5).bySource());
      MeanAttribution mean =
          MeanAttribution.of(each, (one, position) -> position == 0 ? "first" : "later");
      close(mean.total(), (each.get(0).total() + each.get(1).total()) / 2);
      assertThat(mean.residual()).isEqualTo(0, offset(ROUNDING));
      assertThat(mean.rows())
          .extracting(MeanAttribution.Row::place)
          .containsExactly("first", "later", "");
      double later = 0;
      for (Attribution one : each) {
        later += sumAfterFirst(one) / 2;
      }
      close(mean.rows().get(1).contribution(), later);
      assertThat(mean.rows().get(1).prompts()).isEqualTo(2);
    }
  }

  private static double sumAfterFirst(Attribution attribution) {
    double[] values = attribution.values(Part.SOURCE);
    double sum = 0;
    for (int i = 1; i < values.length; i++) {
      sum += values[i];
    }
    return sum;
  }

  private static int walk(PlainTree.Node node, double threshold) {
    adds(node.direct().bySource());
    assertThat(node.leaf()).isEqualTo(node.level() > 2);
    assertThat(node.sources().size()).isLessThanOrEqualTo(3);
    int count = 1;
    for (PlainTree.Source source : node.sources()) {
      adds(source.split().byHead());
      adds(source.split().byFeature());
      assertThat(source.children().size()).isLessThanOrEqualTo(3);
      for (PlainTree.Child child : source.children()) {
        assertThat(child.contribution().contribution() / node.direct().activation())
            .isGreaterThanOrEqualTo(threshold);
        assertThat(child.node().destination()).isEqualTo(source.split().position());
        assertThat(child.node().layer()).isLessThan(node.layer());
        assertThat(child.contribution().activation())
            .isCloseTo(child.node().direct().activation(), offset(1e-6));
        count += walk(child.node(), threshold);
      }
    }
    return count;
  }

  @Test
  void partsThatDoNotAddUpAreAnError() {
    List<Contribution> rows =
        List.of(new Contribution(Part.EMBED, -1, -1, 0, 0, Double.NaN, 1.0, 0.5));
    assertThatThrownBy(() -> Attribution.of("a number", 2, rows, 1))
        .isInstanceOf(ZlensException.class)
        .hasMessage(
            "the parts of a number sum to 1, but it is 2: off by -1 where 4e-05 is rounding"
                .replace("sum to 1,", "sum to 1.00000,")
                .replace("is 2:", "is 2.00000:")
                .replace("off by -1 where 4e-05", "off by -1.00 where 4.00e-05"))
        .extracting(e -> ((ZlensException) e).kind())
        .isEqualTo(Kind.BUG);
    assertThatThrownBy(() -> Attribution.of("a number", Double.NaN, rows, 1))
        .isInstanceOf(ZlensException.class);
  }

  private static void adds(Attribution attribution) {
    double sum = attribution.rows().stream().mapToDouble(Contribution::contribution).sum();
    close(sum, attribution.total());
    assertThat(attribution.residual()).isCloseTo(sum - attribution.total(), offset(1e-9));
  }

  private static void close(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, offset(ROUNDING));
  }
}
