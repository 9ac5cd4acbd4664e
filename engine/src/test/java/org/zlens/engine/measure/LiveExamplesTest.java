package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.LiveExamples.Sample;
import org.zlens.engine.measure.LiveExamples.Shown;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Samples against the activations themselves. */
class LiveExamplesTest {
  private static final int FEATURES = 60;
  private static final int POSITIONS = 12;
  private final Scope scope = Scope.open();
  private final RandomModel random = RandomModel.processed(4).withSaes(FEATURES);
  private final Sae sae = random.saes().attention(1);
  private final List<Tensor> tokens = List.of(random.tokens(3, POSITIONS), random.tokens(2, 9));
  private final TextBatches text =
      TextBatches.of(
          List.of(new Batch(tokens.get(0), new int[] {12, 7, 10}), Batch.of(tokens.get(1))));

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  private Sample sample(int count, long seed) {
    return LiveExamples.of(random.saes().model(), sae, text, count, seed, Progress.NONE);
  }

  /** The activations of a feature above zero, in the order of the text. */
  private List<Float> firings(int feature) {
    List<Float> firings = new ArrayList<>();
    int[][] lengths = {{12, 7, 10}, {9, 9}};
    for (int batch = 0; batch < 2; batch++) {
      Tensor values =
          random
              .saes()
              .model()
              .forward(tokens.get(batch), Hooks.none().capture(sae.location()))
              .get(sae.location());
      float[] acts = sae.encode(values, feature).floats();
      int width = (int) tokens.get(batch).size(1);
      for (int row = 0; row < lengths[batch].length; row++) {
        for (int at = 0; at < lengths[batch][row]; at++) {
          if (acts[row * width + at] > 0) {
            firings.add(acts[row * width + at]);
          }
        }
      }
    }
    return firings;
  }

  @Test
  void theSameSeedGivesTheSameFeaturesAndPlaces() {
    assertThat(sample(10, 3)).usingRecursiveComparison().isEqualTo(sample(10, 3));
    Set<List<Integer>> samples = new HashSet<>();
    for (int seed = 0; seed < 5; seed++) {
      samples.add(sample(10, seed).features().stream().map(Shown::feature).toList());
    }
    assertThat(samples).hasSizeGreaterThan(1);
  }

  @Test
  void onlyLiveFeaturesAreDrawnAndAllOfThemWhereMoreAreAskedFor() {
    List<Integer> live = new ArrayList<>();
    for (int feature = 0; feature < FEATURES; feature++) {
      if (!firings(feature).isEmpty()) {
        live.add(feature);
      }
    }
    Sample all = sample(1000, 1);
    assertThat(live).hasSizeBetween(10, FEATURES);
    assertThat(all.tokens()).isEqualTo(12 + 7 + 10 + 18);
    assertThat(all.live()).isEqualTo(live.size());
    assertThat(all.features()).extracting(Shown::feature).containsExactlyElementsOf(live);
    assertThat(sample(10, 1).features())
        .extracting(Shown::feature)
        .hasSize(10)
        .isSorted()
        .isSubsetOf(live);
  }

  @Test
  void theStrongestPlacesComeFirstAndTheOthersAreOthers() {
    for (Shown shown : sample(1000, 2).features()) {
      List<Float> firings = firings(shown.feature());
      firings.sort(Comparator.reverseOrder());
      int strongest = Math.min(Places.STRONGEST, firings.size());
      assertThat(shown.frequency()).isEqualTo(firings.size() / 47.0);
      assertThat(shown.strongest())
          .extracting(Example::activation)
          .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : Float.compare(a, b))
          .containsExactlyElementsOf(firings.subList(0, strongest));
      assertThat(shown.anywhere())
          .hasSize(Math.min(Places.ANYWHERE, firings.size() - strongest))
          .allSatisfy(
              one ->
                  assertThat(one.activation())
                      .isPositive()
                      .isLessThanOrEqualTo(firings.get(strongest - 1) + 1e-4f));
      assertThat(shown.strongest())
          .allSatisfy(one -> assertThat(one.ids()).hasSameSizeAs(one.activations()));
    }
  }

  /** Each of a hundred live features is drawn as often as any other. */
  @Test
  void everyLiveFeatureIsAsLikely() {
    int[] live = new int[100];
    Arrays.setAll(live, i -> 3 * i);
    int[] drawn = new int[300];
    for (int seed = 0; seed < 2000; seed++) {
      for (int feature : LiveExamples.drawn(live, 10, seed)) {
        drawn[feature]++;
      }
    }
    for (int feature : live) {
      assertThat(drawn[feature]).isBetween(120, 280);
    }
  }

  @Test
  void anSaeThatIsDeadOnTheTextGivesNone() {
    try (Sae dead =
        new Sae(
            sae.location(),
            sae.encoder(),
            true,
            sae.wEnc().copy(),
            sae.bEnc().sub(Tensor.full(1e6f, FEATURES)),
            sae.wDec().copy(),
            sae.bDec().copy())) {
      Sample sample = LiveExamples.of(random.saes().model(), dead, text, 5, 1, Progress.NONE);
      assertThat(sample.live()).isZero();
      assertThat(sample.features()).isEmpty();
    }
  }
}
