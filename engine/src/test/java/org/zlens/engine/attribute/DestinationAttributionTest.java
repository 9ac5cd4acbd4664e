package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.attribute.DestinationAttribution.Keep;
import org.zlens.engine.attribute.DestinationAttribution.Split;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeEncoder;

/** Attribution at many destinations against that at each of them, rows dropped or not. */
class DestinationAttributionTest {
  private static final Keep ALL = new Keep(Integer.MAX_VALUE, 0);

  private static List<DestinationAttribution> of(
      CleanRun run, int layer, int feature, Split split, Keep keep, double above) {
    List<DestinationAttribution> found = new ArrayList<>();
    int[] all = IntStream.range(0, run.positions()).toArray();
    DestinationAttribution.of(
        run, layer, feature, 1, all, split, keep, above, Progress.NONE, found::add);
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void everyRowIsThatOfItsDestinationAlone(int seed) {
    InputNormalization normalization =
        seed < 3 ? InputNormalization.NONE : InputNormalization.LAYER_NORM;
    try (RandomModel random =
            (seed % 2 == 0 ? RandomModel.processed(seed) : RandomModel.grouped(seed))
                .withSaes(30, new SaeEncoder.Relu(), normalization);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      int layer = seed % 3;
      int feature = 4 + seed;
      CleanRun whole = CleanRun.of(random.saes(), tokens);
      CleanRun streamed = CleanRun.mixingOf(layer, random.model(), random.saes(), tokens);
      assertThat(streamed.activations().locations())
          .doesNotContain(Location.of(Site.PATTERN, layer));
      for (Split split : Split.values()) {
        for (CleanRun run : List.of(whole, streamed)) {
          List<DestinationAttribution> found = of(run, layer, feature, split, ALL, -1);
          assertThat(found).hasSize(8);
          for (DestinationAttribution one : found) {
            assertThat(one.dropped()).isZero();
            compare(one, split, whole, layer, feature);
          }
        }
      }
    }
  }

  private static void compare(
      DestinationAttribution one, Split split, CleanRun whole, int layer, int feature) {
    DirectFeatureAttribution alone =
        DirectFeatureAttribution.of(whole, layer, feature, 1, one.destination());
    assertThat(one.preActivation()).isCloseTo(alone.preActivation(), offset(1e-4));
    assertThat(one.activation()).isCloseTo(alone.activation(), offset(1e-4));
    Attribution expected =
        switch (split) {
          case HEAD -> alone.byHead();
          case SOURCE -> alone.bySource();
          case BOTH -> alone.byBoth();
        };
    assertThat(one.attribution().rows()).hasSameSizeAs(expected.rows());
    for (Contribution row : expected.rows()) {
      Contribution same =
          one.attribution().rows().stream()
              .filter(
                  r ->
                      r.part() == row.part()
                          && r.index() == row.index()
                          && r.position() == row.position())
              .findFirst()
              .orElseThrow();
      assertThat(same.contribution()).isCloseTo(row.contribution(), offset(1e-4));
      assertThat(same.token()).isEqualTo(row.token());
    }
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void whatIsDroppedIsOneRowAndTheSumStays(Split split) {
    try (RandomModel random = RandomModel.grouped(3).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.mixingOf(2, random.model(), random.saes(), random.tokens(2, 8));
      List<DestinationAttribution> full = of(run, 2, 9, split, ALL, -1);
      for (Keep keep : List.of(new Keep(2, 0), new Keep(100, 0.05))) {
        List<DestinationAttribution> some = of(run, 2, 9, split, keep, -1);
        for (int i = 0; i < full.size(); i++) {
          Attribution all = full.get(i).attribution();
          Attribution few = some.get(i).attribution();
          int kept = all.rows().size() - 1 - some.get(i).dropped();
          assertThat(kept).isLessThanOrEqualTo(keep.most());
          assertThat(few.rows().subList(0, kept)).isEqualTo(all.rows().subList(0, kept));
          double dropped =
              all.rows().subList(kept, all.rows().size() - 1).stream()
                  .mapToDouble(Contribution::contribution)
                  .sum();
          double others = few.values(Part.OTHERS).length == 0 ? 0 : few.values(Part.OTHERS)[0];
          assertThat(others).isCloseTo(dropped, offset(1e-9));
          assertThat(few.sum()).isCloseTo(full.get(i).preActivation(), offset(1e-4));
          for (Contribution row : few.rows().subList(0, kept)) {
            assertThat(Math.abs(row.contribution())).isGreaterThanOrEqualTo(keep.least());
          }
        }
      }
    }
  }

  /** As long as the context of GPT-2, of which no square is kept. */
  @Test
  void aPromptOf1024TokensAddsUpAtEveryDestination() {
    ModelConfig config =
        new ModelConfig(
            2, 16, 4, 2, 4, 16, 1024, 50, NormKind.LAYER_NORM_PRE, 1e-5, ActivationKind.GELU);
    try (RandomModel random = RandomModel.of(2, config).withSaes(40);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 1024);
      CleanRun run = CleanRun.mixingOf(1, random.model(), random.saes(), tokens);
      List<DestinationAttribution> found = of(run, 1, 5, Split.BOTH, new Keep(8, 0), 0);
      assertThat(found).isNotEmpty();
      int rows = 0;
      for (DestinationAttribution one : found) {
        assertThat(one.activation()).isPositive();
        assertThat(one.attribution().rows().size()).isLessThanOrEqualTo(10);
        assertThat(Math.abs(one.attribution().residual()))
            .isLessThan(1e-4 * Math.max(1, Math.abs(one.preActivation())));
        rows += one.attribution().rows().size();
      }
      assertThat(rows).isLessThanOrEqualTo(10 * 1024);
      DestinationAttribution last = found.get(found.size() - 1);
      assertThat(last.destination()).isGreaterThan(900);
      CleanRun whole = CleanRun.attentionOf(1, random.model(), random.saes(), tokens);
      DirectFeatureAttribution alone =
          DirectFeatureAttribution.of(whole, 1, 5, 1, last.destination());
      for (Contribution row : last.attribution().rows().subList(0, 8)) {
        assertThat(row.contribution())
            .isCloseTo(alone.joint()[row.index()][row.position()], offset(1e-5));
      }
    }
  }

  @Test
  void whatIsNotThereIsRefused() {
    try (RandomModel random = RandomModel.processed(1).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.mixingOf(1, random.model(), random.saes(), random.tokens(2, 8));
      assertThatThrownBy(
              () ->
                  DestinationAttribution.of(
                      run, 1, 3, 0, new int[] {8}, Split.HEAD, ALL, 0, Progress.NONE, one -> {}))
          .isInstanceOf(ZlensException.class)
          .hasMessage("no position 8 in a prompt of 8 tokens");
      assertThatThrownBy(
              () ->
                  DestinationAttribution.of(
                      run, 1, 30, 0, new int[] {1}, Split.HEAD, ALL, 0, Progress.NONE, one -> {}))
          .hasMessageContaining("no feature L1.F30");
    }
  }
}
