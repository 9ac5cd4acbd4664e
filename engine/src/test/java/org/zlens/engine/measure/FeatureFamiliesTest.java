package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.LogitEffect;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.train.SprigRecipe;

/** Families on the embedded model, against a search through the text by their definitions. */
class FeatureFamiliesTest {
  private static final Progress SILENT = (done, total) -> {};
  private static final int ROWS = 6;
  private static LanguageModel model;
  private static List<LoadedSae> saes;
  private static Sae sae;

  @BeforeAll
  static void load() {
    model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
    saes = SaeLoader.sprig(model.config().layers());
    sae = at("L1.z");
  }

  private static Sae at(String site) {
    return saes.stream()
        .map(LoadedSae::sae)
        .filter(one -> one.location().shortName().equals(site))
        .findFirst()
        .orElseThrow();
  }

  @AfterAll
  static void close() {
    saes.forEach(one -> one.sae().close());
    model.close();
  }

  private static FamilyCounts count(Tensor... batches) {
    return new FeatureFamilies(model, sae)
        .count(Arrays.stream(batches).map(Batch::of).iterator(), 0, SILENT);
  }

  @Test
  void sharesAndBasesAreThoseOfASearch() {
    try (Scope scope = Scope.open()) {
      Tensor text = SprigRecipe.heldOut(1).get(0).slice(0, 0, ROWS);
      List<FamilyScore> scores = count(text).scores();
      long[] ids = text.longs();
      int length = (int) text.size(1);
      float[] acts =
          sae.encode(
                  model
                      .transformer()
                      .forward(text, Hooks.none().capture(sae.location()))
                      .get(sae.location()))
              .floats();
      Successors successors = new Successors(model.tokenizer());
      Set<Integer> tried = new HashSet<>();
      for (FamilyScore score : scores) {
        if (score.feature() % 16 != 1) {
          continue;
        }
        tried.add(score.feature());
        Set<Integer> favoured = tokens(score.feature(), true);
        Set<Integer> opposed = tokens(score.feature(), false);
        long firings = 0;
        long at = 0;
        long all = 0;
        Map<String, Integer> pairs = new HashMap<>();
        for (int row = 0; row < ROWS; row++) {
          for (int position = 0; position < length; position++) {
            boolean fires = acts[(row * length + position) * sae.features() + score.feature()] > 0;
            boolean holds =
                holds(score.family(), ids, row * length, position, favoured, opposed, successors);
            firings += fires ? 1 : 0;
            at += fires && holds ? 1 : 0;
            all += holds ? 1 : 0;
            if (fires) {
              int i = row * length + position;
              pairs.merge((position == 0 ? -1 : ids[i - 1]) + " " + ids[i], 1, Integer::sum);
            }
          }
        }
        assertThat(score.firings()).as("%s", score).isEqualTo(firings);
        if (score.family() == FeatureFamily.N_GRAM) {
          int most = pairs.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
          // Two pairs may share a hash, so that this share is at least the true one.
          assertThat(score.share()).isGreaterThanOrEqualTo(most / (double) firings - 1e-12);
        } else {
          assertThat(score.share()).as("%s", score).isEqualTo(at / (double) firings, offset(1e-12));
          assertThat(score.base())
              .as("%s", score)
              .isEqualTo(all / (double) (ROWS * length), offset(1e-12));
        }
      }
      assertThat(tried).hasSizeGreaterThan(5);
    }
  }

  private static Set<Integer> tokens(int feature, boolean favoured) {
    LogitEffect effect = LogitEffect.of(model.transformer(), sae, feature);
    Set<Integer> tokens = new HashSet<>();
    (favoured ? effect.top(10) : effect.bottom(10)).forEach(one -> tokens.add(one.token()));
    return tokens;
  }

  private static boolean holds(
      FeatureFamily family,
      long[] ids,
      int start,
      int position,
      Set<Integer> favoured,
      Set<Integer> opposed,
      Successors successors) {
    for (int before = 0; before < position; before++) {
      int token = (int) ids[start + before];
      if (token == model.tokenizer().bosId()) {
        continue;
      }
      boolean same = token == ids[start + position];
      boolean found =
          switch (family) {
            case DUPLICATE -> same;
            case INDUCTION -> same && favoured.contains((int) ids[start + before + 1]);
            case NAME_MOVER -> favoured.contains(token);
            case SUPPRESSION -> opposed.contains(token);
            case SUCCESSION -> Arrays.stream(successors.of(token)).anyMatch(favoured::contains);
            case N_GRAM -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  @Test
  void thePartsOfATextAddUpToTheWhole() {
    try (Scope scope = Scope.open()) {
      Tensor text = SprigRecipe.heldOut(1).get(0);
      Tensor first = text.slice(0, 0, 3);
      Tensor second = text.slice(0, 3, 5);
      List<FamilyScore> whole = count(first, second).scores();
      assertThat(count(second).plus(count(first)).scores()).isEqualTo(whole);
      assertThat(count(first, second).plus(count()).scores()).isEqualTo(whole);
    }
  }

  /** The induction head of sprig is in layer 1: behind it the stream holds induction features. */
  @Test
  void theStreamBehindTheInductionHeadHasInductionFeatures() {
    try (Scope scope = Scope.open()) {
      List<Batch> text = SprigRecipe.heldOut(1).stream().map(Batch::of).toList();
      List<FamilyScore> induction =
          new FeatureFamilies(model, at("L2.resid_pre"))
              .count(text.iterator(), 0, SILENT).scores().stream()
                  .filter(score -> score.family() == FeatureFamily.INDUCTION && score.belongs())
                  .toList();
      assertThat(induction).isNotEmpty().allMatch(score -> score.share() > 4 * score.base());
    }
  }

  @Test
  void successorsKnowSpacesAndCapitals() {
    Successors successors = new Successors(model.tokenizer());
    int monday = model.tokenizer().singleId(" Monday");
    assertThat(model.tokenizer().pieces(successors.of(monday)))
        .allMatch(piece -> piece.strip().equalsIgnoreCase("Tuesday"))
        .isNotEmpty();
    assertThat(successors.of(model.tokenizer().singleId(" and"))).isEmpty();
  }

  @Test
  void aScoreIsTheShareBeyondChance() {
    FamilyScore score = new FamilyScore(1, FeatureFamily.INDUCTION, 4000, 0.85, 0.6);
    assertThat(score.score()).isEqualTo(0.625, offset(1e-12));
    assertThat(score.belongs()).isTrue();
    assertThat(new FamilyScore(1, FeatureFamily.INDUCTION, 19, 1, 0).belongs()).isFalse();
  }

  /** A share of 100 % is no wonder where nearly every place has the property. */
  @Test
  void whatNearlyEveryPlaceHasMakesNoFamily() {
    FamilyScore trivial = new FamilyScore(1, FeatureFamily.NAME_MOVER, 150, 1, 0.99);
    assertThat(trivial.score()).isEqualTo(1, offset(1e-12));
    assertThat(trivial.lowestScore()).isNegative();
    assertThat(trivial.belongs()).isFalse();
    FamilyScore real = new FamilyScore(1, FeatureFamily.NAME_MOVER, 150, 1, 0.1);
    assertThat(real.lowestScore()).isBetween(0.9, 1.0);
    assertThat(real.belongs()).isTrue();
    assertThat(new FamilyScore(1, FeatureFamily.DUPLICATE, 30, 1, 1).belongs()).isFalse();
  }

  /**
   * What the heuristic names behaves so: among random tokens, features of the induction family are
   * active at a token that they fire at in the text where it comes again with their favourite
   * behind its first place, and not where the first place is taken out.
   */
  @Test
  void featuresOfTheInductionFamilyNeedTheirPairToHaveComeBefore() {
    try (Scope scope = Scope.open()) {
      List<Tensor> text = SprigRecipe.heldOut(2);
      Sae stream = at("L2.resid_pre");
      int[] induction =
          new FeatureFamilies(model, stream)
              .count(text.stream().map(Batch::of).iterator(), 0, SILENT).scores().stream()
                  .filter(one -> one.family() == FeatureFamily.INDUCTION && one.belongs())
                  .mapToInt(FamilyScore::feature)
                  .toArray();
      assertThat(induction).hasSizeGreaterThan(20);
      long[] strongest = tokensOfStrongestFirings(stream, induction, text.get(0));
      Random random = new Random(5);
      int with = 0;
      int without = 0;
      for (int i = 0; i < induction.length; i++) {
        int favoured =
            LogitEffect.of(model.transformer(), stream, induction[i]).top(1).get(0).token();
        int[] ids = random.ints(40, 1, model.config().dVocab()).toArray();
        ids[0] = model.tokenizer().bosId();
        ids[30] = (int) strongest[i];
        without += fires(stream, induction[i], ids) ? 1 : 0;
        ids[10] = (int) strongest[i];
        ids[11] = favoured;
        with += fires(stream, induction[i], ids) ? 1 : 0;
      }
      assertThat(with).isGreaterThan(induction.length / 2);
      assertThat(without).isLessThan(with / 3);
    }
  }

  private static boolean fires(Sae stream, int feature, int[] ids) {
    try (Scope scope = Scope.open()) {
      return stream.encode(vectors(stream, Tensor.ofRows(new int[][] {ids})), feature).floats()[30]
          > 0;
    }
  }

  private static Tensor vectors(Sae stream, Tensor tokens) {
    return model
        .transformer()
        .forward(tokens, Hooks.none().capture(stream.location()))
        .get(stream.location());
  }

  private static long[] tokensOfStrongestFirings(Sae stream, int[] features, Tensor text) {
    float[] acts = stream.encode(vectors(stream, text), features).floats();
    long[] ids = text.longs();
    long[] tokens = new long[features.length];
    float[] most = new float[features.length];
    for (int i = 0; i < acts.length; i++) {
      int feature = i % features.length;
      if (acts[i] > most[feature]) {
        most[feature] = acts[i];
        tokens[feature] = ids[i / features.length];
      }
    }
    return tokens;
  }
}
