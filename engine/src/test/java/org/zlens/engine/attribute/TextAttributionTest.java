package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.RandomModel;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Attribution over a text against that of each place, against independent code, and its merging.
 */
class TextAttributionTest {
  private static final ModelConfig MULTI_QUERY =
      new ModelConfig(
          3, 20, 4, 1, 6, 32, 24, 50, NormKind.LAYER_NORM_PRE, 1e-5, ActivationKind.GELU_TANH);

  @Test
  void bothReadingsOfVarianceExplainedAgainstIndependentCode() {
    JsonNode facts = TinyGpt2.json("attribution/fve.json");
    try (TinyGpt2 tiny = TinyGpt2.open();
        Scope scope = Scope.open();
        TensorFile golden = Safetensors.open(Fixtures.path("gpt2-tiny/golden.safetensors"))) {
      Batch batch = Batch.of(TinyGpt2.longs(golden, "tokens"));
      assertThat(facts.get("rows")).hasSize(3);
      for (JsonNode row : facts.get("rows")) {
        TextAttribution text =
            new TextAttribution(tiny.saes(), row.get("layer").asInt(), row.get("feature").asInt())
                .read(tiny.model(), tiny.saes(), List.of(batch).iterator(), 1, Progress.NONE);
        assertThat(text.places()).isEqualTo(row.get("tokens").asLong());
        for (PartVariance head : text.byHead()) {
          assertThat(head.regression())
              .isCloseTo(row.get("regression").get(head.part()).asDouble(), offset(1e-5));
          assertThat(head.energy())
              .isCloseTo(row.get("energy").get(head.part()).asDouble(), offset(1e-5));
        }
      }
    }
  }

  /** Two readings of paper-spec A.11, written out for one part over all places. */
  private static void variance(PartVariance actual, List<double[]> places, double[] energies) {
    double[] part = places.stream().mapToDouble(p -> p[0]).toArray();
    double[] rest = places.stream().mapToDouble(p -> p[1] - p[0]).toArray();
    double[] total = places.stream().mapToDouble(p -> p[1]).toArray();
    StandardDeviation population = StandardDeviation.of(total).setBiased(true);
    double whole = Math.pow(population.getAsDouble(), 2);
    double left = Math.pow(StandardDeviation.of(rest).setBiased(true).getAsDouble(), 2);
    double own = Arrays.stream(part).map(v -> v * v).sum();
    assertThat(actual.regression()).isCloseTo(1 - left / whole, offset(1e-3));
    assertThat(actual.energy()).isCloseTo(own / Arrays.stream(energies).sum(), offset(1e-4));
  }

  private static RandomModel model(int seed) {
    return switch (seed % 3) {
      case 0 -> RandomModel.processed(seed);
      case 1 -> RandomModel.grouped(seed);
      default -> RandomModel.of(seed, MULTI_QUERY);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void everyMeanIsThatOfThePlacesOneByOne(int seed) {
    try (RandomModel random = model(seed).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(3, 8);
      Batch batch = new Batch(tokens, new int[] {8, 5, 7});
      int layer = seed % 3;
      int feature = 7 + seed;
      double above = seed == 5 ? 0.4 : 0;
      TextAttribution text = new TextAttribution(random.saes(), layer, feature, above);
      text.add(random.model(), random.saes(), batch);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      int kinds = SourceKind.values().length;
      double pre = 0;
      List<double[]> heads = new ArrayList<>();
      List<double[]> sources = new ArrayList<>();
      List<double[]> both = new ArrayList<>();
      List<double[]> byToken = new ArrayList<>();
      List<Double> totals = new ArrayList<>();
      for (int row = 0; row < 3; row++) {
        for (int position = 0; position < batch.lengths()[row]; position++) {
          DirectFeatureAttribution one =
              DirectFeatureAttribution.of(run, layer, feature, row, position);
          if (one.activation() > above) {
            pre += one.preActivation();
            totals.add(one.preActivation() - one.constant());
            heads.add(one.byHead().values(Part.HEAD));
            double[] ofKind = new double[kinds];
            double[] ofBoth = new double[4 * kinds];
            double[] ofToken = new double[random.model().config().dVocab()];
            for (int source = 0; source <= position; source++) {
              int kind = SourceKind.of(position, source).ordinal();
              ofKind[kind] += one.at(source);
              ofToken[run.token(row, source)] += one.at(source);
              for (int head = 0; head < 4; head++) {
                ofBoth[head * kinds + kind] += one.joint()[head][source];
              }
            }
            sources.add(ofKind);
            both.add(ofBoth);
            byToken.add(ofToken);
          }
        }
      }
      assertThat(text.tokens()).isEqualTo(20);
      assertThat(text.places()).isEqualTo(totals.size()).isPositive();
      assertThat(text.meanPreActivation()).isCloseTo(pre / totals.size(), offset(1e-4));
      check(text, text.byHead(), heads, totals);
      check(text, text.bySource(), sources, totals);
      check(text, text.byBoth(), both, totals);
      check(text, text.byToken(), byToken, totals);
    }
  }

  private static void check(
      TextAttribution text, List<PartVariance> parts, List<double[]> places, List<Double> totals) {
    double sum = text.constant();
    double energy = 0;
    double[] energies = new double[places.get(0).length];
    for (double[] place : places) {
      Arrays.setAll(energies, i -> energies[i] + place[i] * place[i]);
    }
    for (PartVariance part : parts) {
      List<double[]> pairs = new ArrayList<>();
      double mean = 0;
      for (int i = 0; i < places.size(); i++) {
        double value = places.get(i)[part.part()];
        pairs.add(new double[] {value, totals.get(i)});
        mean += value / places.size();
      }
      assertThat(part.mean()).isCloseTo(mean, offset(1e-4));
      variance(part, pairs, energies);
      sum += part.mean();
      energy += part.energy();
    }
    assertThat(sum).isCloseTo(text.meanPreActivation(), offset(1e-4));
    assertThat(energy).isCloseTo(1, offset(1e-6));
  }

  @Test
  void partsOfATextMergeToTheWhole() {
    try (RandomModel random = RandomModel.processed(4).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(6, 8);
      TextAttribution whole = new TextAttribution(random.saes(), 1, 3);
      whole.add(random.model(), random.saes(), Batch.of(tokens));
      TextAttribution first = new TextAttribution(random.saes(), 1, 3);
      first.add(random.model(), random.saes(), Batch.of(tokens.slice(0, 0, 2)));
      TextAttribution second = new TextAttribution(random.saes(), 1, 3);
      second.add(random.model(), random.saes(), Batch.of(tokens.slice(0, 2, 6)));
      first.merge(second);
      assertThat(first.places()).isEqualTo(whole.places()).isPositive();
      assertThat(first.tokens()).isEqualTo(48);
      for (int head = 0; head < 4; head++) {
        PartVariance expected = whole.byHead().get(head);
        PartVariance actual = first.byHead().get(head);
        assertThat(actual.mean()).isCloseTo(expected.mean(), offset(1e-5));
        assertThat(actual.regression()).isCloseTo(expected.regression(), offset(1e-4));
        assertThat(actual.energy()).isCloseTo(expected.energy(), offset(1e-5));
      }
      assertThatThrownBy(() -> first.merge(new TextAttribution(random.saes(), 1, 4)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
