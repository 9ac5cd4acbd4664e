package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Models of every family against the pass as loops, and against each other. */
class FamiliesTest {
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void logitsAreThoseOfThePlainPass(int family) {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.family(family, 5)) {
      Tensor tokens = random.tokens(2, 7);
      float[] logits = random.model().forward(tokens, Hooks.none()).logits().floats();
      PlainTransformer plain = new PlainTransformer(random.model());
      long[] ids = tokens.longs();
      int at = 0;
      for (int row = 0; row < 2; row++) {
        for (double[] position : plain.logits(Arrays.copyOfRange(ids, row * 7, row * 7 + 7))) {
          for (double expected : position) {
            assertThat((double) logits[at++]).isCloseTo(expected, within(TOLERANCE));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void everySiteThatAModelHasFiresOnceWithTheShapeItStates(int family) {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.family(family, 6)) {
      ModelConfig config = random.model().config();
      Tensor tokens = random.tokens(2, 5);
      float[] logits = random.model().forward(tokens, Hooks.none()).logits().floats();
      Location[] all = config.locations().toArray(Location[]::new);
      Activations run = random.model().forward(tokens, Hooks.none().capture(all));
      assertClose("observed", run.logits().floats(), logits, TOLERANCE);
      for (Location location : all) {
        Tensor values = run.get(location);
        int width = location.site().vectorWidth(config);
        if (width > 0) {
          assertThat(values.floats().length).as(location.shortName()).isEqualTo(2 * 5 * width);
        }
        // Scores hold minus infinity, which no sum survives.
        if (location.site() != Site.ATTN_SCORES) {
          Edit edit =
              new Edit(location, "scale", Edit.Effect.MUST_CHANGE, before -> before.mul(1.5));
          assertThat(random.model().forward(tokens, Hooks.none().edit(edit)).firings()).hasSize(1);
        }
      }
    }
  }

  @Test
  void sitesThatAModelLacksAreRefused() {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.neox(1)) {
      for (Site site : new Site[] {Site.RESID_MID, Site.PRE_LINEAR, Site.LN1_POST_SCALE}) {
        Hooks hooks = Hooks.none().capture(Location.of(site, 1));
        assertThatThrownBy(() -> random.model().forward(random.tokens(1, 3), hooks))
            .isInstanceOf(ZlensException.class)
            .hasMessage("this model has no site '" + Location.of(site, 1).shortName() + "'");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void growingTokenByTokenGivesTheSameLogits(int family) {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.family(family, 7)) {
      Tensor tokens = random.tokens(1, 9);
      Tensor whole = random.model().forward(tokens, Hooks.none()).logits().select(0, 0);
      try (Continuation grown = new Continuation(random.model(), 9)) {
        for (int length = 4; length <= 9; length++) {
          Tensor next = grown.next(tokens.slice(1, 0, length), Continuation.Edits.NONE);
          assertClose(
              "position " + length, next.floats(), whole.select(0, length - 1).floats(), TOLERANCE);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void promptsOfDifferentLengthsGrowTogetherAsTheyDoAlone(int family) {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.family(family, 9);
        Continuation grown = new Continuation(random.model(), 12)) {
      Tensor tokens = random.tokens(3, 12);
      int[] rows = {0, 1, 2};
      int[] lengths = {5, 2, 7};
      for (int step = 0; step < 5; step++) {
        if (step == 3) {
          rows = new int[] {2, 0};
          lengths = new int[] {lengths[2], lengths[0]};
          grown.retain(rows);
        }
        long[] picked = Arrays.stream(rows).asLongStream().toArray();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        Tensor so = tokens.indexSelect(0, picked).slice(1, 0, longest);
        Tensor next = grown.next(so, lengths, Continuation.Edits.NONE);
        for (int row = 0; row < rows.length; row++) {
          Tensor alone = tokens.slice(0, rows[row], rows[row] + 1).slice(1, 0, lengths[row]);
          Tensor expected = random.model().forward(alone, Hooks.none()).logits().select(0, 0);
          assertClose(
              "step " + step + " row " + row,
              next.select(0, row).floats(),
              expected.select(0, lengths[row] - 1).floats(),
              TOLERANCE);
          lengths[row]++;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 7})
  void processingLeavesProbabilitiesAsTheyAre(int family) {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.family(family, 8);
        RandomModel used = RandomModel.family(family, 8)) {
      Tensor tokens = random.tokens(2, 6);
      ModelConfig config = random.model().config();
      Transformer processed =
          new Transformer(
              WeightProcessing.config(config, WeightStep.all()),
              WeightProcessing.apply(used.model().weights(), config, WeightStep.all()));
      assertThat(processed.config().norm().isFolded()).isTrue();
      assertClose(
          "log probabilities",
          processed.forward(tokens, Hooks.none()).logits().logSoftmax(-1).floats(),
          random.model().forward(tokens, Hooks.none()).logits().logSoftmax(-1).floats(),
          TOLERANCE);
      processed.weights().close();
    }
  }

  @Test
  void turnsDependOnTheDistanceAlone() {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.llama(3)) {
      Scores scores = new Scores(random.model().config());
      Tensor q = random.normal(1, 1, 6);
      Tensor k = random.normal(1, 1, 6);
      double near = scores.turned(q, 5).mul(scores.turned(k, 3)).sum().item();
      double far = scores.turned(q, 17).mul(scores.turned(k, 15)).sum().item();
      assertThat(near).isCloseTo(far, within(1e-5));
      assertThat(scores.turned(q, 0).floats()).isEqualTo(q.floats());
    }
  }

  @Test
  void slowTurnsAreStretchedAndFastOnesNot() {
    PositionScheme.Rotary plain = new PositionScheme.Rotary(10_000, 8);
    PositionScheme.Rotary stretched =
        new PositionScheme.Rotary(10_000, 8, new RotaryStretch.SlowOnly(8, 1, 4, 512));
    float[] before = plain.frequencies();
    float[] after = stretched.frequencies();
    assertThat(after[0]).isEqualTo(before[0]);
    assertThat(after[3]).isEqualTo(before[3] / 8);
  }
}
