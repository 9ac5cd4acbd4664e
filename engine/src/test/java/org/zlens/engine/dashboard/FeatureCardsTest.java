package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.attribute.HeadAttribution;
import org.zlens.engine.attribute.LogitEffect;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** What cards say of the weights, against one feature at a time. */
class FeatureCardsTest {
  private static final int FEATURES = 40;
  private final Scope scope = Scope.open();
  private RandomModel random;

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  private List<FeatureCard> cards(Sae sae, List<Batch> text) {
    DashboardPass pass =
        new DashboardPass(
            random.saes().model(), List.of(sae), 1, OptionalInt.empty(), Optional.empty());
    FeatureStatistics statistics =
        pass.run(TextBatches.of(text), PassRecord.NONE, Progress.NONE).get(0);
    List<FeatureCard> cards = new ArrayList<>();
    new FeatureCards(random.saes().model(), sae, statistics)
        .forEach(IntStream.range(0, FEATURES).toArray(), Progress.NONE, cards::add);
    return cards;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4, 5})
  void cardsSayOfTheWeightsWhatOneFeatureAtATimeSays(int family) {
    random = RandomModel.family(family, 20 + family).withSaes(FEATURES);
    for (Sae sae : List.of(random.saes().attention(1), random.saes().residual(2))) {
      for (FeatureCard card : cards(sae, List.of(Batch.of(random.tokens(3, 10))))) {
        logits(sae, card);
        alike(sae, card);
        if (sae == random.saes().attention(1)) {
          List<HeadAttribution.Share> shares =
              HeadAttribution.of(sae, random.saes().model().config(), card.feature());
          assertThat(card.heads()).hasSameSizeAs(shares);
          shares.forEach(
              one ->
                  assertThat((double) card.heads()[one.head()])
                      .isCloseTo(one.share(), within(1e-4)));
        } else {
          assertThat(card.heads()).isEmpty();
        }
      }
    }
  }

  private void logits(Sae sae, FeatureCard card) {
    LogitEffect plain = LogitEffect.of(random.saes().model(), sae, card.feature());
    check(plain.top(FeatureCards.TOKENS), card.logits().favoured());
    check(plain.bottom(FeatureCards.TOKENS), card.logits().opposed());
    assertThat(Arrays.stream(card.logits().counts()).sum()).isEqualTo(plain.effects().length);
    float width = (card.logits().most() - card.logits().least()) / LogitReach.BINS;
    for (int bin = 0; bin < LogitReach.BINS; bin++) {
      double from = card.logits().least() + bin * width;
      long wide = between(plain.effects(), from - 1e-4, from + width + 1e-4);
      long narrow = between(plain.effects(), from + 1e-4, from + width - 1e-4);
      assertThat((long) card.logits().counts()[bin]).isBetween(narrow, wide);
    }
  }

  private static long between(float[] values, double from, double to) {
    return IntStream.range(0, values.length)
        .filter(i -> values[i] >= from && values[i] <= to)
        .count();
  }

  private static void check(List<LogitEffect.TokenEffect> plain, Related found) {
    assertThat(found.features()).hasSameSizeAs(plain);
    for (int i = 0; i < plain.size(); i++) {
      assertThat((double) found.values()[i]).isCloseTo(plain.get(i).effect(), within(1e-4));
    }
    assertThat(found.features())
        .containsExactlyInAnyOrder(
            plain.stream().mapToInt(LogitEffect.TokenEffect::token).toArray());
  }

  private static void alike(Sae sae, FeatureCard card) {
    float[] own = sae.directions(card.feature()).floats();
    double[] cosines = new double[FEATURES];
    for (int other = 0; other < FEATURES; other++) {
      cosines[other] = other == card.feature() ? -2 : cosine(own, sae.directions(other).floats());
    }
    double[] falling =
        Arrays.stream(cosines)
            .map(c -> -c)
            .sorted()
            .map(c -> -c)
            .limit(FeatureCards.RELATED)
            .toArray();
    assertThat(card.alike().features()).hasSize(FeatureCards.RELATED);
    for (int i = 0; i < falling.length; i++) {
      assertThat((double) card.alike().values()[i]).isCloseTo(falling[i], within(1e-4));
      assertThat(cosines[card.alike().features()[i]]).isCloseTo(falling[i], within(1e-4));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      first += (double) a[i] * a[i];
      second += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(first) / Math.sqrt(second);
  }

  @Test
  void rowsAreReadAgainFromTheText() {
    random = RandomModel.processed(30).withSaes(FEATURES);
    List<Batch> text =
        List.of(
            new Batch(random.tokens(3, 12), new int[] {12, 7, 1}), Batch.of(random.tokens(2, 9)));
    RowTexts rows = new RowTexts(TextBatches.of(text), Set.of(1L, 4L), Progress.NONE);
    assertThat(rows.row(1))
        .containsExactly(
            Arrays.stream(text.get(0).tokens().longs(), 12, 19).mapToInt(i -> (int) i).toArray());
    assertThat(rows.row(4))
        .containsExactly(
            Arrays.stream(text.get(1).tokens().longs(), 9, 18).mapToInt(i -> (int) i).toArray());
  }
}
