package org.zlens.engine.dashboard;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Dashboards as a batch of JSON that Neuronpedia imports, in the form in which SAEDashboard writes
 * it: the same keys, numbers of three decimals, rows without the beginning-of-text token in front.
 *
 * <p>Where that program has a cosine of activations this file has that of being active, and the
 * correlation is likewise of being active; neurons correlated with a feature are left empty, as it
 * leaves them unless they are asked for.
 *
 * @param modelId Neuronpedia's name of the model
 * @param saeSet its name of the SAEs, without the layer
 * @param dataset the name of the text
 */
public record NeuronpediaFile(String modelId, String saeSet, String dataset) {
  private static final int FEATURES_AT_ONCE = 64;
  private static final int ALIGNED = 3;

  /** What a file is made of beside its names. */
  private record Source(
      Transformer model,
      Sae sae,
      FeatureStatistics statistics,
      RowTexts texts,
      IntFunction<String> pieces,
      OptionalInt bos) {}

  /**
   * Writes the features of an SAE, wholly or not at all.
   *
   * @param text that the statistics are of
   * @param pieces the texts of tokens
   * @param bos the token that does not count
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(
      Path file,
      Transformer model,
      Sae sae,
      FeatureStatistics statistics,
      int[] features,
      TextBatches text,
      IntFunction<String> pieces,
      OptionalInt bos,
      Progress progress) {
    Set<Long> rows = new TreeSet<>(statistics.rows(features));
    RowTexts texts = new RowTexts(text, rows, Progress.NONE);
    Source source = new Source(model, sae, statistics, texts, pieces, bos);
    AtomicFile.writePath(
        file,
        path -> {
          try (Scope scope = Scope.open();
              JsonGenerator json =
                  new JsonFactory().createGenerator(path.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("model_id", modelId);
            json.writeNumberField("layer", sae.location().layer());
            json.writeStringField("sae_set", saeSet);
            json.writeArrayFieldStart("features");
            features(json, source, features, progress);
            json.writeEndArray();
            json.writeEndObject();
          }
        });
  }

  private void features(JsonGenerator json, Source source, int[] features, Progress progress)
      throws IOException {
    RowReadings readings = new RowReadings(source.model, source.sae);
    for (int from = 0; from < features.length; from += FEATURES_AT_ONCE) {
      progress.step(from, features.length);
      int last = Math.min(features.length, from + FEATURES_AT_ONCE);
      int[] some = IntStream.range(from, last).map(i -> features[i]).toArray();
      Map<Integer, List<KeptExample>> examples = new LinkedHashMap<>();
      List<FeatureCard> cards = new ArrayList<>();
      new FeatureCards(source.model, source.sae, source.statistics)
          .forEach(some, Progress.NONE, cards::add);
      for (FeatureCard card : cards) {
        List<KeptExample> all = new ArrayList<>(card.strongest());
        card.bands().forEach(band -> all.addAll(band.examples()));
        examples.put(card.feature(), all);
      }
      readings.read(source.texts, examples);
      for (FeatureCard card : cards) {
        feature(json, source, card, readings);
      }
    }
  }

  private void feature(JsonGenerator json, Source source, FeatureCard card, RowReadings readings)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("feature_index", card.feature());
    aligned(json, source.sae, card.feature());
    for (String empty : List.of("indices", "l1", "pearson")) {
      json.writeArrayFieldStart("correlated_neurons_" + empty);
      json.writeEndArray();
    }
    indices(json, "correlated_features_indices", card.together().features());
    cosines(json, source.statistics, card);
    rounded(json, "correlated_features_pearson", card.together().values());
    tokens(json, "neg_str", card.logits().opposed(), source.pieces);
    rounded(json, "neg_values", card.logits().opposed().values());
    tokens(json, "pos_str", card.logits().favoured(), source.pieces);
    rounded(json, "pos_values", card.logits().favoured().values());
    json.writeNumberField("frac_nonzero", card.density());
    ActivationHistogram acts = card.activations();
    bars(json, "freq_hist_data", 0, acts.step(), acts.counts());
    LogitReach logits = card.logits();
    double width = (logits.most() - logits.least()) / (double) LogitReach.BINS;
    bars(json, "logits_hist_data", logits.least(), width, logits.counts());
    json.writeNumberField("n_prompts_total", source.statistics.rows());
    json.writeNumberField("n_tokens_in_prompt", source.statistics.longest());
    json.writeStringField("dataset", dataset);
    rounded(json, "decoder_weights_dist", card.heads());
    json.writeArrayFieldStart("activations");
    for (KeptExample one : card.strongest()) {
      place(json, source, card, readings, one, -1, card.largest(), -1);
    }
    for (ActivationBand band : card.bands()) {
      double contains = (double) band.places() / card.tokens();
      for (KeptExample one : band.examples()) {
        place(json, source, card, readings, one, band.from(), band.to(), contains);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void place(
      JsonGenerator json,
      Source source,
      FeatureCard card,
      RowReadings readings,
      KeptExample one,
      double from,
      double to,
      double contains)
      throws IOException {
    int[] ids = source.texts.row(one.row());
    RowReadings.Reading reading = readings.of(card.feature(), one);
    // Both lose the token in front: a list that kept it would name the neighbour of each token.
    int first = source.bos.isPresent() && ids[0] == source.bos.getAsInt() ? 1 : 0;
    json.writeStartObject();
    json.writeNumberField("bin_min", from);
    json.writeNumberField("bin_max", to);
    json.writeNumberField("bin_contains", contains);
    json.writeArrayFieldStart("tokens");
    for (int i = first; i < ids.length; i++) {
      json.writeString(source.pieces.apply(ids[i]));
    }
    json.writeEndArray();
    rounded(json, "values", tail(reading.activations(), first, ids.length));
    if (reading.contributions().length > 0) {
      float[] brings = tail(reading.contributions(), first, ids.length);
      rounded(json, "dfa_values", brings);
      float most = Float.NEGATIVE_INFINITY;
      for (float value : brings) {
        most = Math.max(most, value);
      }
      json.writeNumberField("dfa_maxValue", round(most));
      json.writeNumberField("dfa_targetIndex", one.position() - first);
    }
    json.writeEndObject();
  }

  /** Of as many as the row has tokens; behind the place nothing is brought. */
  private static float[] tail(float[] values, int first, int length) {
    float[] tail = new float[length - first];
    System.arraycopy(values, first, tail, 0, values.length - first);
    return tail;
  }

  /** The components of the decoder direction that are largest, and their share of all. */
  private static void aligned(JsonGenerator json, Sae sae, int feature) throws IOException {
    float[] direction;
    try (Scope scope = Scope.open()) {
      Tensor own = sae.directions(feature);
      direction = own.reshape(-1).floats();
    }
    Related.Best best = new Related.Best(ALIGNED);
    float sum = 0;
    for (int i = 0; i < direction.length; i++) {
      best.offer(i, direction[i]);
      sum += Math.abs(direction[i]);
    }
    Related largest = best.related();
    float[] shares = new float[largest.values().length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = sum > 0 ? Math.abs(largest.values()[i]) / sum : 0;
    }
    indices(json, "neuron_alignment_indices", largest.features());
    rounded(json, "neuron_alignment_values", largest.values());
    rounded(json, "neuron_alignment_l1", shares);
  }

  /** The cosine of being active, which follows from the correlation. */
  private static void cosines(JsonGenerator json, FeatureStatistics statistics, FeatureCard card)
      throws IOException {
    float[] cosines = new float[card.together().features().length];
    double n = statistics.tokens();
    double own = card.fired();
    for (int i = 0; i < cosines.length; i++) {
      double other = statistics.fired(card.together().features()[i]);
      double spread = Math.sqrt(own * (n - own)) * Math.sqrt(other * (n - other));
      double both = (card.together().values()[i] * spread + own * other) / n;
      cosines[i] = (float) (both / Math.sqrt(own * other));
    }
    rounded(json, "correlated_features_l1", cosines);
  }

  private static void tokens(
      JsonGenerator json, String name, Related found, IntFunction<String> pieces)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int token : found.features()) {
      json.writeString(pieces.apply(token));
    }
    json.writeEndArray();
  }

  private static void bars(JsonGenerator json, String name, double from, double width, int[] counts)
      throws IOException {
    float[] middles = new float[counts.length];
    for (int i = 0; i < middles.length; i++) {
      middles[i] = (float) (from + (i + 0.5) * width);
    }
    rounded(json, name + "_bar_values", middles);
    indices(json, name + "_bar_heights", counts);
  }

  private static void indices(JsonGenerator json, String name, int[] numbers) throws IOException {
    json.writeFieldName(name);
    json.writeArray(numbers, 0, numbers.length);
  }

  private static void rounded(JsonGenerator json, String name, float[] numbers) throws IOException {
    json.writeArrayFieldStart(name);
    for (float number : numbers) {
      json.writeNumber(round(number));
    }
    json.writeEndArray();
  }

  private static double round(float number) {
    return Math.round(number * 1000.0) / 1000.0;
  }
}
