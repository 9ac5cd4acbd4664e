package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Against the same figures computed row by row with plain arithmetic, and the law of merging. */
class SaeEvaluationTest {
  private static final int FEATURES = 40;
  private static final Progress SILENT = (done, total) -> {};

  private static SaeStatistics measure(RandomModel random, Sae sae, Batch... batches) {
    return SaeEvaluation.of(random.model(), List.of(sae), TextBatches.of(List.of(batches)), SILENT)
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void agreesWithPlainArithmeticOnRowsOfUnequalLength(int seed) {
    try (RandomModel random = RandomModel.processed(seed).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = seed == 2 ? random.saes().residual(1) : random.saes().attention(1);
      int[] lengths = {9, 6, 7};
      Tensor tokens = random.tokens(3, 9);
      SaeStatistics found = measure(random, sae, new Batch(tokens, lengths));

      List<float[]> vectors = new ArrayList<>();
      double active = 0;
      double clean = 0;
      double divergence = 0;
      double spliced = 0;
      double zero = 0;
      int predictions = 0;
      for (int row = 0; row < lengths.length; row++) {
        Tensor alone = tokens.slice(0, row, row + 1).slice(1, 0, lengths[row]);
        Transformer model = random.model();
        var run = model.forward(alone, Hooks.none().capture(sae.location()));
        Tensor x = sae.flatten(run.get(sae.location()));
        for (int position = 0; position < lengths[row]; position++) {
          vectors.add(x.select(0, 0).select(0, position).floats());
        }
        active += sae.encode(x).gt(0).toDoubles().sum().item();
        double[][] before = probabilities(run.logits());
        double[][] after =
            probabilities(
                model
                    .forward(
                        alone,
                        Hooks.none()
                            .edit(
                                new Edit(
                                    sae.location(),
                                    "splice",
                                    Edit.Effect.MUST_CHANGE,
                                    sae::reconstruct)))
                    .logits());
        double[][] without =
            probabilities(
                model
                    .forward(
                        alone,
                        Hooks.none()
                            .edit(
                                new Edit(
                                    sae.location(),
                                    "zero",
                                    Edit.Effect.MUST_CHANGE,
                                    v -> v.mul(0))))
                    .logits());
        long[] ids = alone.longs();
        for (int position = 0; position + 1 < lengths[row]; position++) {
          int next = (int) ids[position + 1];
          clean -= Math.log(before[position][next]);
          spliced -= Math.log(after[position][next]);
          zero -= Math.log(without[position][next]);
          for (int id = 0; id < before[position].length; id++) {
            divergence +=
                before[position][id] * Math.log(before[position][id] / after[position][id]);
          }
          predictions++;
        }
      }

      assertThat(found.tokens()).isEqualTo(22);
      assertThat(found.activeFeatures()).isEqualTo(active / 22, offset(1e-9));
      ReplacementLoss reconstruction = found.loss(Replacement.RECONSTRUCTION);
      assertThat(reconstruction.predictions()).isEqualTo(predictions).isEqualTo(19);
      assertThat(found.loss(Replacement.NONE).meanLoss()).isEqualTo(clean / 19, offset(1e-4));
      assertThat(reconstruction.meanLoss()).isEqualTo(spliced / 19, offset(1e-4));
      assertThat(reconstruction.meanDivergence()).isEqualTo(divergence / 19, offset(1e-4));
      assertThat(found.loss(Replacement.ZERO).meanLoss()).isEqualTo(zero / 19, offset(1e-4));
      assertThat(found.lossRecovered())
          .isEqualTo(
              (zero - spliced) / (zero - clean), offset(1e-3 * Math.abs(19 / (zero - clean))));
      assertThat(found.explainedVariance()).isEqualTo(explained(sae, vectors), offset(1e-4));
    }
  }

  private static double[][] probabilities(Tensor logits) {
    int positions = (int) logits.size(1);
    double[][] rows = new double[positions][];
    Tensor all = logits.toDoubles().softmax(-1).select(0, 0);
    for (int position = 0; position < positions; position++) {
      rows[position] = all.select(0, position).doubles();
    }
    return rows;
  }

  /** One less the squared error over the squared distance from the mean, vector by vector. */
  private static double explained(Sae sae, List<float[]> vectors) {
    int width = vectors.get(0).length;
    double[] mean = new double[width];
    for (float[] vector : vectors) {
      for (int i = 0; i < width; i++) {
        mean[i] += vector[i] / (double) vectors.size();
      }
    }
    double error = 0;
    double total = 0;
    for (float[] vector : vectors) {
      float[] made = sae.reconstruct(Tensor.of(vector, width)).floats();
      for (int i = 0; i < width; i++) {
        error += (vector[i] - made[i]) * (vector[i] - made[i]);
        total += (vector[i] - mean[i]) * (vector[i] - mean[i]);
      }
    }
    return 1 - error / total;
  }

  /** Whole against parts: batches are dealt to parts at random, and parts put together so. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void thePartsOfATextAddUpToTheWhole(long seed) {
    Random dealer = new Random(seed);
    try (RandomModel random = RandomModel.processed(5).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(2);
      List<Batch> text = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int rows = 1 + dealer.nextInt(3);
        int positions = 3 + dealer.nextInt(5);
        int[] lengths = dealer.ints(rows, 2, positions + 1).toArray();
        lengths[0] = positions;
        text.add(new Batch(random.tokens(rows, positions), lengths));
      }
      SiteMeans means = means(random, sae, text);
      SaeStatistics whole = measure(random, sae, means, text);
      List<List<Batch>> parts = new ArrayList<>();
      int count = 1 + dealer.nextInt(4);
      for (int i = 0; i < count; i++) {
        parts.add(new ArrayList<>());
      }
      text.forEach(batch -> parts.get(dealer.nextInt(count)).add(batch));
      SiteMeans meansOfParts = new SiteMeans(List.of(sae));
      SaeStatistics sum = measure(random, sae, means, List.of());
      for (List<Batch> part : parts) {
        meansOfParts = means(random, sae, part).plus(meansOfParts);
        SaeStatistics more = measure(random, sae, means, part);
        sum = dealer.nextBoolean() ? sum.plus(more) : more.plus(sum);
      }
      same(sum, whole);
      float[] expected = means.at(sae.location());
      float[] found = meansOfParts.at(sae.location());
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isEqualTo(expected[i], offset(1e-6f));
      }
    }
  }

  private static SiteMeans means(RandomModel random, Sae sae, List<Batch> text) {
    return SiteMeans.of(random.model(), List.of(sae), TextBatches.of(text), SILENT);
  }

  private static SaeStatistics measure(
      RandomModel random, Sae sae, SiteMeans means, List<Batch> text) {
    return new SaeEvaluation(random.model(), List.of(sae), EnumSet.allOf(Replacement.class), means)
        .run(TextBatches.of(text), SILENT)
        .get(0);
  }

  /** The site's mean over the whole text stands at every place, however the text is cut. */
  @Test
  void theMeanIsThatOfTheWholeText() {
    try (RandomModel random = RandomModel.processed(6).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(1);
      Tensor tokens = random.tokens(4, 7);
      Batch whole = Batch.of(tokens);
      SaeStatistics found =
          measure(random, sae, Batch.of(tokens.slice(0, 0, 1)), Batch.of(tokens.slice(0, 1, 4)));
      Tensor vectors =
          sae.flatten(
              random
                  .model()
                  .forward(tokens, Hooks.none().capture(sae.location()))
                  .get(sae.location()));
      Tensor mean = vectors.reshape(-1, sae.width()).meanKeep(0);
      Tensor logits =
          random
              .model()
              .forward(
                  tokens,
                  Hooks.none()
                      .edit(
                          new Edit(
                              sae.location(),
                              "mean",
                              Edit.Effect.MUST_CHANGE,
                              v -> mean.expand(28, sae.width()).reshape(v.shape()))))
              .logits();
      double loss = Kernels.call("next_token_loss", logits, whole.tokens()).item();
      assertThat(found.loss(Replacement.MEAN).meanLoss()).isEqualTo(loss, offset(1e-5));
    }
  }

  /** Clean passes are shared, means take one more, and each replacement one for each SAE. */
  @Test
  void severalSaesShareTheCleanPass() {
    try (RandomModel random = RandomModel.processed(7).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      List<Sae> saes = List.of(random.saes().attention(0), random.saes().attention(1));
      TextBatches text = TextBatches.of(List.of(Batch.of(random.tokens(2, 6))));
      List<SaeStatistics> together = SaeEvaluation.of(random.model(), saes, text, SILENT);
      int[] passes = {0};
      new SaeEvaluation(
              random.model().under(tokens -> count(passes)),
              saes,
              EnumSet.of(Replacement.RECONSTRUCTION),
              null)
          .run(text, SILENT);
      assertThat(passes[0]).isEqualTo(3);
      for (int i = 0; i < saes.size(); i++) {
        same(
            together.get(i),
            SaeEvaluation.of(random.model(), List.of(saes.get(i)), text, SILENT).get(0));
      }
    }
  }

  private static List<Edit> count(int[] passes) {
    passes[0]++;
    return List.of();
  }

  private static void same(SaeStatistics found, SaeStatistics expected) {
    assertThat(found.tokens()).isEqualTo(expected.tokens());
    for (int feature = 0; feature < FEATURES; feature++) {
      assertThat(found.frequency(feature)).isEqualTo(expected.frequency(feature));
    }
    assertThat(found.density()).usingRecursiveComparison().isEqualTo(expected.density());
    assertThat(found.explainedVariance()).isEqualTo(expected.explainedVariance(), offset(1e-12));
    assertThat(found.meanCosine()).isEqualTo(expected.meanCosine(), offset(1e-12));
    assertThat(found.shrinkage()).isEqualTo(expected.shrinkage(), offset(1e-12));
    for (Replacement replacement : Replacement.values()) {
      ReplacementLoss loss = expected.loss(replacement);
      assertThat(found.loss(replacement).predictions()).isEqualTo(loss.predictions());
      assertThat(found.loss(replacement).meanLoss()).isEqualTo(loss.meanLoss(), offset(1e-12));
      assertThat(found.loss(replacement).meanDivergence())
          .isEqualTo(loss.meanDivergence(), offset(1e-12));
    }
  }

  @Test
  void agreesWithTheMeasuresOfTheEmbeddedModelsCard() {
    try (RandomModel random = RandomModel.processed(8).withSaes(FEATURES);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().residual(2);
      List<Tensor> batches = List.of(random.tokens(2, 6), random.tokens(2, 6));
      SaeQuality quality = SaeQuality.measure(random.model(), sae, batches);
      double spliced = SaeEvaluation.splicedLoss(random.model(), sae, batches);
      assertThat(spliced).isEqualTo(quality.splicedLoss());
      assertThat(quality.lossRecovered(spliced)).isEqualTo(quality.lossRecovered());
      SaeStatistics found =
          measure(random, sae, Batch.of(batches.get(0)), Batch.of(batches.get(1)));
      assertThat(found.activeFeatures()).isEqualTo(quality.activeFeatures(), offset(1e-9));
      assertThat(found.lossRecovered()).isEqualTo(quality.lossRecovered(), offset(1e-3));
      assertThat(found.atMost(0)).isEqualTo((int) Math.round(quality.deadShare() * FEATURES));
    }
  }

  @Test
  void everyFeatureHasOnePlaceInTheDensityHistogram() {
    DensityHistogram density = DensityHistogram.of(new long[] {0, 1, 10, 1000, 100_000}, 100_000);
    assertThat(density.never()).isEqualTo(1);
    assertThat(density.counts()[binOf(-5)]).isEqualTo(1);
    assertThat(density.counts()[binOf(-4)]).isEqualTo(1);
    assertThat(density.counts()[binOf(-2)]).isEqualTo(1);
    assertThat(density.counts()[density.counts().length - 1]).isEqualTo(1);
  }

  private static int binOf(double log) {
    return (int) ((log - DensityHistogram.LOWEST) * DensityHistogram.BINS_OF_DECADE);
  }

  @Test
  void statisticsOfDifferentSaesAreNotMixed() {
    SaeStatistics one = new SaeStatistics("L0.z", 4, 2);
    assertThatThrownBy(() -> one.plus(new SaeStatistics("L1.z", 4, 2)))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("L0.z")
        .hasMessageContaining("L1.z");
  }
}
