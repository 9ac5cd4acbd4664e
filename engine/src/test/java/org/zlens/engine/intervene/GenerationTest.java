package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
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

  /** Without edits, as a prompt of some number in its set. */
  private static int[] plainly(Generation generation, RandomModel random, int number) {
    Generation.Growth growth = (first, ids, rows) -> grown(ids[0]);
    return generation.of(random.model(), new int[][] {PROMPT}, number, growth)[0];
  }

  private static int[] go(RandomModel random, int most, Intervention... edits) {
    Batch prompt = grown(PROMPT);
    Standing standing =
        new Standing(random.model(), prompt, List.of(List.of(edits)), (step, change) -> {});
    Generation.Growth growth = (first, ids, rows) -> standing.admit(grown(ids[0]));
    return Generation.greedy(most).of(standing.model(), new int[][] {PROMPT}, 0, growth)[0];
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

  /**
   * Prompts of different lengths under edits of one and of all their places, and where each ends.
   */
  @Test
  void promptsGoOnTogetherAsTheyDoAlone() {
    int[][] prompts = {{3, 14, 15, 9, 2}, {7, 7}, {1, 2, 3, 4, 5, 6, 7, 8}, {9, 8, 7}};
    int[] lengths = Arrays.stream(prompts).mapToInt(ids -> ids.length).toArray();
    List<int[]> places = List.of(new int[] {4}, new int[] {0, 1}, new int[] {7}, new int[] {2});
    for (int family = 0; family < 8; family++) {
      try (RandomModel random = RandomModel.family(family, 4);
          Scope scope = Scope.open()) {
        Location site = Location.of(Site.ATTN_OUT, 1);
        List<Intervention> edits =
            List.of(
                SiteEdit.zero(site, Where.rows(places)),
                new SiteEdit(
                    Target.of(Location.of(Site.Z, 2)),
                    new SiteRule.Scale(1.5),
                    Where.everywhere()));
        for (List<List<Intervention>> steps :
            List.of(List.<List<Intervention>>of(), List.of(edits))) {
          Standing standing =
              new Standing(random.model(), some(0, prompts, lengths), steps, (step, change) -> {});
          Generation free = new Generation(10, 1.1, 0, 3, Set.of());
          int end = together(free, standing, prompts, lengths)[2][3];
          for (Generation one : List.of(free, new Generation(10, 1.1, 0, 3, Set.of(end)))) {
            int[][] made = together(one, standing, prompts, lengths);
            for (int row = 0; row < prompts.length; row++) {
              int[][] alone = {prompts[row]};
              assertThat(made[row])
                  .as("family %d, prompt %d, %s", family, row, one)
                  .isEqualTo(one.of(standing.model(), alone, row, growth(standing, lengths))[0]);
            }
            assertThat(made[2].length).isLessThanOrEqualTo(one.ends().isEmpty() ? 10 : 4);
          }
        }
      }
    }
  }

  private static int[][] together(
      Generation generation, Standing standing, int[][] prompts, int[] lengths) {
    return generation.of(standing.model(), prompts, 0, growth(standing, lengths));
  }

  private static Generation.Growth growth(Standing standing, int[] lengths) {
    return (first, ids, rows) -> standing.admit(some(first, ids, lengths).select(rows));
  }

  /** Prompts of a set that have grown. */
  private static Batch some(int first, int[][] ids, int[] lengths) {
    int[] grown = lengths.clone();
    int longest = Arrays.stream(ids).mapToInt(one -> one.length).max().orElseThrow();
    int[][] filled = new int[ids.length][];
    for (int row = 0; row < ids.length; row++) {
      grown[first + row] = ids[row].length;
      filled[row] = Arrays.copyOf(ids[row], longest);
    }
    return Batch.part(Tensor.ofRows(filled), first, grown);
  }

  /** What takes a pass over everything for each new token says so before it runs. */
  @Test
  void functionsThatLookAtAllPlacesSeeThemEachTime() {
    int[][] prompts = {{3, 14, 15}, {7, 7}};
    int[] lengths = {3, 2};
    for (boolean byPlace : new boolean[] {false, true}) {
      try (RandomModel random = RandomModel.raw(4);
          Scope scope = Scope.open()) {
        List<Long> seen = new ArrayList<>();
        SiteRule rule =
            new SiteRule.Computed(
                "half",
                (values, mean) -> {
                  seen.add(values.elements());
                  return values.mul(0.5);
                },
                Optional.empty(),
                byPlace);
        List<Intervention> edits =
            List.of(
                new SiteEdit(Target.of(Location.of(Site.ATTN_OUT, 1)), rule, Where.everywhere()));
        Standing standing =
            new Standing(
                random.model(), some(0, prompts, lengths), List.of(edits), (step, change) -> {});
        assertThat(Generation.takesWholePasses(random.model())).isFalse();
        assertThat(Generation.takesWholePasses(standing.model())).isEqualTo(!byPlace);
        together(Generation.greedy(3), standing, prompts, lengths);
        long width = random.model().config().dModel();
        assertThat(seen.stream().map(elements -> elements / width).toList())
            .isEqualTo(byPlace ? List.of(5L, 2L, 2L) : List.of(3L, 4L, 5L, 2L, 3L, 4L));
      }
    }
  }

  @Test
  void drawsFollowTheProbabilitiesOfTheMostLikely() {
    float[] logits = {1, 3, 2, -1, 2.5f};
    Generation three = new Generation(1, 0.8, 3, 5, Set.of());
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
      Generation drawn = new Generation(12, 1.2, 0, 7, Set.of());
      int[] once = plainly(drawn, random, 0);
      assertThat(plainly(drawn, random, 0)).isEqualTo(once);
      assertThat(plainly(drawn, random, 1)).isNotEqualTo(once);
      Generation ends = new Generation(12, 1.2, 0, 7, Set.of(once[3]));
      int[] cut = plainly(ends, random, 0);
      assertThat(cut[cut.length - 1]).isEqualTo(once[3]);
      assertThat(cut).hasSizeLessThanOrEqualTo(4);
    }
  }

  @Test
  void theContextIsTheLimit() {
    try (RandomModel random = RandomModel.raw(4);
        Scope scope = Scope.open()) {
      assertThat(plainly(Generation.greedy(20), random, 0)).hasSize(20);
      assertThatThrownBy(() -> plainly(Generation.greedy(21), random, 0))
          .isInstanceOf(ZlensException.class)
          .hasMessage("prompt 0 has 5 tokens, after which 21 more do not fit the context of 24");
    }
  }
}
