package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.RandomModel;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** The batch that Neuronpedia imports: its keys, and its rows against attributions of one place. */
class NeuronpediaFileTest {
  /** The keys of a feature in the order of SAEDashboard. */
  private static final List<String> KEYS =
      List.of(
          "feature_index",
          "neuron_alignment_indices",
          "neuron_alignment_values",
          "neuron_alignment_l1",
          "correlated_neurons_indices",
          "correlated_neurons_l1",
          "correlated_neurons_pearson",
          "correlated_features_indices",
          "correlated_features_l1",
          "correlated_features_pearson",
          "neg_str",
          "neg_values",
          "pos_str",
          "pos_values",
          "frac_nonzero",
          "freq_hist_data_bar_values",
          "freq_hist_data_bar_heights",
          "logits_hist_data_bar_heights",
          "logits_hist_data_bar_values",
          "n_prompts_total",
          "n_tokens_in_prompt",
          "dataset",
          "decoder_weights_dist",
          "activations");

  private static final int BOS = 7;
  private static final int[] LENGTHS = {12, 5, 9};

  private final Scope scope = Scope.open();
  private final RandomModel random = RandomModel.processed(41).withSaes(20);
  private final Sae sae = random.saes().attention(2);
  private final Batch batch = batch();
  private final TextBatches text = TextBatches.of(List.of(batch));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  private Batch batch() {
    long[] ids = random.tokens(3, 12).longs();
    for (int row = 0; row < 3; row++) {
      ids[row * 12] = BOS;
    }
    return new Batch(Tensor.of(ids, 3, 12), LENGTHS);
  }

  private JsonNode written(int... features) throws IOException {
    DashboardPass pass =
        new DashboardPass(
            random.saes().model(), List.of(sae), 1, OptionalInt.of(BOS), Optional.empty());
    FeatureStatistics statistics = pass.run(text, PassRecord.NONE, Progress.NONE).get(0);
    Path file = folder.resolve("batch.json");
    new NeuronpediaFile("gpt2-small", "att-kk", "a text")
        .write(
            file,
            random.saes().model(),
            sae,
            statistics,
            features,
            text,
            id -> "t" + id,
            OptionalInt.of(BOS),
            Progress.NONE);
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void hasTheKeysAndNumbersOfTheFormat() throws IOException {
    JsonNode all = written(3, 5, 8);
    assertThat(names(all)).containsExactly("model_id", "layer", "sae_set", "features");
    assertThat(all.path("model_id").asText()).isEqualTo("gpt2-small");
    assertThat(all.path("layer").asInt()).isEqualTo(2);
    assertThat(all.path("sae_set").asText()).isEqualTo("att-kk");
    assertThat(all.path("features")).hasSize(3);
    for (JsonNode feature : all.path("features")) {
      assertThat(names(feature)).containsExactlyInAnyOrderElementsOf(KEYS);
      assertThat(feature.path("n_prompts_total").asInt()).isEqualTo(3);
      assertThat(feature.path("n_tokens_in_prompt").asInt()).isEqualTo(12);
      assertThat(feature.path("pos_str")).hasSize(FeatureCards.TOKENS);
      assertThat(feature.path("neuron_alignment_indices")).hasSize(3);
      assertThat(feature.path("decoder_weights_dist")).hasSize(4);
      double active = 0;
      for (JsonNode height : feature.path("freq_hist_data_bar_heights")) {
        active += height.asInt();
      }
      long counted =
          IntStream.range(0, 36)
              .filter(at -> at % 12 < LENGTHS[at / 12] && batch.tokens().longs()[at] != BOS)
              .count();
      assertThat(feature.path("frac_nonzero").asDouble()).isCloseTo(active / counted, within(1e-9));
    }
  }

  @Test
  void rowsAreWholeAndNameTheRightTokens() throws IOException {
    int places = 0;
    for (JsonNode feature : written(3, 5, 8).path("features")) {
      int index = feature.path("feature_index").asInt();
      for (JsonNode place : feature.path("activations")) {
        check(index, place);
        places++;
      }
    }
    assertThat(places).isGreaterThan(10);
  }

  private void check(int feature, JsonNode place) {
    int row = row(place.path("tokens"));
    int length = LENGTHS[row] - 1;
    for (String list : List.of("tokens", "values", "dfa_values")) {
      assertThat(place.path(list)).as(list).hasSize(length);
    }
    int target = place.path("dfa_targetIndex").asInt();
    double own = place.path("values").path(target).asDouble();
    assertThat(own)
        .isBetween(
            place.path("bin_min").asDouble() - 1e-3, place.path("bin_max").asDouble() + 1e-3);
    try (Scope inner = Scope.open()) {
      Tensor tokens = batch.tokens().slice(0, row, row + 1).slice(1, 0, length + 1);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      DirectFeatureAttribution plain = DirectFeatureAttribution.of(run, 2, feature, 0, target + 1);
      assertThat(own).isCloseTo(plain.activation(), within(1e-3));
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        double expected = i <= target ? plain.at(i + 1) : 0;
        assertThat(place.path("dfa_values").path(i).asDouble()).isCloseTo(expected, within(1e-3));
        most = Math.max(most, expected);
      }
      assertThat(place.path("dfa_maxValue").asDouble()).isCloseTo(most, within(1e-3));
    }
  }

  /** The row that has these tokens, all but its first. */
  private int row(JsonNode tokens) {
    long[] ids = batch.tokens().longs();
    for (int row = 0; row < 3; row++) {
      boolean same = tokens.size() == LENGTHS[row] - 1;
      for (int i = 0; same && i < tokens.size(); i++) {
        same = tokens.path(i).asText().equals("t" + ids[row * 12 + i + 1]);
      }
      if (same) {
        return row;
      }
    }
    throw new AssertionError("no row has the tokens " + tokens);
  }
}
