package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.RandomModel;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Attribution over a text against that of each place, against independent code, and its merging.
 */
class TextAttributionTest {

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
            TextAttribution.of(
                tiny.model(),
                tiny.saes(),
                row.get("layer").asInt(),
                row.get("feature").asInt(),
                List.of(batch).iterator(),
                1,
                Progress.NONE);
        assertThat(text.places()).isEqualTo(row.get("tokens").asLong());
        for (HeadVariance head : text.byHead()) {
          assertThat(head.regression())
              .isCloseTo(row.get("regression").get(head.head()).asDouble(), offset(1e-5));
          assertThat(head.energy())
              .isCloseTo(row.get("energy").get(head.head()).asDouble(), offset(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyMeanIsThatOfThePlacesOneByOne(int seed) {
    try (RandomModel random =
            (seed % 2 == 0 ? RandomModel.processed(seed) : RandomModel.grouped(seed)).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(3, 8);
      Batch batch = new Batch(tokens, new int[] {8, 5, 7});
      int layer = seed % 3;
      int feature = 7 + seed;
      TextAttribution text = new TextAttribution(random.saes(), layer, feature);
      text.add(random.model(), random.saes(), batch);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      double pre = 0;
      double[] heads = new double[4];
      double[] kinds = new double[SourceKind.values().length];
      double[] byToken = new double[random.model().config().dVocab()];
      int places = 0;
      for (int row = 0; row < 3; row++) {
        for (int position = 0; position < batch.lengths()[row]; position++) {
          DirectFeatureAttribution one =
              DirectFeatureAttribution.of(run, layer, feature, row, position);
          if (one.activation() > 0) {
            places++;
            pre += one.preActivation();
            for (int head = 0; head < 4; head++) {
              heads[head] += one.byHead().values(Part.HEAD)[head];
            }
            for (int source = 0; source <= position; source++) {
              kinds[SourceKind.of(position, source).ordinal()] += one.at(source);
              byToken[run.token(row, source)] += one.at(source);
            }
          }
        }
      }
      assertThat(text.tokens()).isEqualTo(20);
      assertThat(text.places()).isEqualTo(places).isPositive();
      assertThat(text.meanPreActivation()).isCloseTo(pre / places, offset(1e-4));
      double sum = text.constant();
      for (HeadVariance head : text.byHead()) {
        assertThat(head.mean()).isCloseTo(heads[head.head()] / places, offset(1e-4));
        sum += head.mean();
      }
      assertThat(sum).isCloseTo(pre / places, offset(1e-4));
      for (SourceKind kind : SourceKind.values()) {
        assertThat(text.bySource().get(kind))
            .isCloseTo(kinds[kind.ordinal()] / places, offset(1e-4));
      }
      double[] tokenMeans = text.byToken();
      for (int token = 0; token < byToken.length; token++) {
        assertThat(tokenMeans[token]).isCloseTo(byToken[token] / places, offset(1e-4));
      }
    }
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
        HeadVariance expected = whole.byHead().get(head);
        HeadVariance actual = first.byHead().get(head);
        assertThat(actual.mean()).isCloseTo(expected.mean(), offset(1e-5));
        assertThat(actual.regression()).isCloseTo(expected.regression(), offset(1e-4));
        assertThat(actual.energy()).isCloseTo(expected.energy(), offset(1e-5));
      }
      assertThatThrownBy(() -> first.merge(new TextAttribution(random.saes(), 1, 4)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
