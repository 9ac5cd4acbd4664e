package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What follows a prompt, against passes that are made and read by hand. */
class GenerationTest {
  private static final int[] PROMPT = {3, 14, 15, 9, 2};

  private static Tensor tokens(int[] ids) {
    return Tensor.of(Arrays.stream(ids).asLongStream().toArray(), 1, ids.length);
  }

  private static Batch grown(int[] ids) {
    return Batch.part(tokens(ids), 0, new int[] {ids.length});
  }

  /** The most likely tokens with a site zeroed up to a position. */
  private static int[] slowly(RandomModel random, Location location, int zeroedTo, int most) {
    int[] ids = PROMPT.clone();
    for (int step = 0; step < most; step++) {
      try (Scope scope = Scope.open()) {
        int[] places = new int[Math.min(zeroedTo, ids.length)];
        Arrays.setAll(places, i -> i);
        Batch batch = grown(ids);
        Hooks hooks =
            places.length == 0
                ? Hooks.none()
                : Hooks.none().edit(SiteEdit.zero(location, Where.all(places)).edits(null, batch));
        float[] logits = random.model().forward(batch.tokens(), hooks).logits().floats();
        int vocabulary = random.model().config().dVocab();
        int best = 0;
        for (int id = 1; id < vocabulary; id++) {
          int row = (ids.length - 1) * vocabulary;
          best = logits[row + id] > logits[row + best] ? id : best;
        }
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = best;
      }
    }
    return Arrays.copyOfRange(ids, PROMPT.length, ids.length);
  }

  @Test
  void editsAtEveryPositionReachNewTokensAndOthersDoNot() {
    try (RandomModel random = RandomModel.processed(4);
        Scope scope = Scope.open()) {
      Location site = Location.of(Site.MLP_OUT, 1);
      assertThat(go(random, 8)).isEqualTo(slowly(random, site, 0, 8));
      int[] all = go(random, 8, SiteEdit.zero(site, Where.everywhere()));
      assertThat(all).isEqualTo(slowly(random, site, 99, 8));
      int[] some =
          go(random, 8, SiteEdit.zero(site, Where.rows(List.of(new int[] {0, 1, 2, 3, 4}))));
      assertThat(some).isEqualTo(slowly(random, site, PROMPT.length, 8)).isNotEqualTo(all);
    }
  }

  private static int[] go(RandomModel random, int most, Intervention... edits) {
    Batch prompt = grown(PROMPT);
    Standing standing =
        new Standing(random.model(), prompt, List.of(List.of(edits)), (step, change) -> {});
    Function<int[], Batch> batches = ids -> standing.admit(grown(ids));
    return Generation.greedy(most).of(standing.model(), PROMPT, 0, batches);
  }

  @Test
  void meansReachNewTokensAndPatchesHaveNoneForThem() {
    try (RandomModel random = RandomModel.processed(4);
        Scope scope = Scope.open()) {
      Target site = Target.of(Site.Z, 1, 2);
      int[] own = {0};
      List<int[]> places = List.of(new int[] {0, 1, 2, 3, 4});
      Replacement mean = Replacement.mean(Counterparts.meanOfAll(List.of(own), places));
      assertThat(go(random, 4, new SiteEdit(site, mean, Where.everywhere()))).hasSize(4);
      Replacement held = Replacement.freeze(Counterparts.own(places));
      assertThatThrownBy(() -> go(random, 4, new SiteEdit(site, held, Where.everywhere())))
          .isInstanceOf(ZlensException.class)
          .hasMessage("position 5 of prompt 0 has no counterpart to take values of");
    }
  }

  @Test
  void drawsFollowTheProbabilitiesOfTheMostLikely() {
    float[] logits = {1, 3, 2, -1, 2.5f};
    Generation three = new Generation(1, 0.8, 3, 5, -1);
    SplittableRandom random = new SplittableRandom(5);
    int[] counts = new int[5];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[three.choose(logits, random)]++;
    }
    double sum = Math.exp(3 / 0.8) + Math.exp(2.5 / 0.8) + Math.exp(2 / 0.8);
    assertThat(counts[0] + counts[3]).isZero();
    assertThat((double) counts[1] / draws).isCloseTo(Math.exp(3 / 0.8) / sum, offset(0.015));
    assertThat((double) counts[4] / draws).isCloseTo(Math.exp(2.5 / 0.8) / sum, offset(0.015));
    assertThat((double) counts[2] / draws).isCloseTo(Math.exp(2 / 0.8) / sum, offset(0.015));
  }

  @Test
  void theSameSeedGivesTheSameText() {
    try (RandomModel random = RandomModel.raw(4);
        Scope scope = Scope.open()) {
      Generation drawn = new Generation(12, 1.2, 0, 7, -1);
      int[] once = drawn.of(random.model(), PROMPT, 0, GenerationTest::grown);
      assertThat(drawn.of(random.model(), PROMPT, 0, GenerationTest::grown)).isEqualTo(once);
      assertThat(drawn.of(random.model(), PROMPT, 1, GenerationTest::grown)).isNotEqualTo(once);
      Generation ends = new Generation(12, 1.2, 0, 7, once[3]);
      int[] cut = ends.of(random.model(), PROMPT, 0, GenerationTest::grown);
      assertThat(cut[cut.length - 1]).isEqualTo(once[3]);
      assertThat(cut).hasSizeLessThanOrEqualTo(4);
    }
  }

  @Test
  void theContextIsTheLimit() {
    try (RandomModel random = RandomModel.raw(4);
        Scope scope = Scope.open()) {
      assertThat(Generation.greedy(20).of(random.model(), PROMPT, 0, GenerationTest::grown))
          .hasSize(20);
      assertThatThrownBy(
              () -> Generation.greedy(21).of(random.model(), PROMPT, 0, GenerationTest::grown))
          .isInstanceOf(ZlensException.class)
          .hasMessage("prompt 0 has 5 tokens, after which 21 more do not fit the context of 24");
    }
  }
}
