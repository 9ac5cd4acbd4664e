package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;

/**
 * Direct feature attribution of one attention feature over all places of a text where it is active:
 * what each head, each kind of source position and each source token contributes (paper-spec A.5).
 *
 * <p>Values are projected on the feature's encoder once a position and head, before attention mixes
 * them, so that a text costs little more than the passes over it. All of it is sums, so those of
 * the parts of a text {@link #merge} to the whole.
 */
public final class TextAttribution {
  private final int layer;
  private final int feature;
  private final double constant;
  private final double[] headSums;
  private final double[] headSquares;
  private final double[] headProducts;
  private final double[] byToken;
  private final Map<SourceKind, double[]> byKind = new EnumMap<>(SourceKind.class);
  private double sum;
  private double squares;
  private long places;
  private long tokens;

  /**
   * Sums over nothing so far.
   *
   * @throws org.zlens.engine.ZlensException if the layer has no attention SAE or it lacks the
   *     feature
   */
  public TextAttribution(SaeSet saes, int layer, int feature) {
    Sae sae = saes.attention(layer);
    sae.requireFeature(feature);
    int heads = saes.model().config().heads();
    this.layer = layer;
    this.feature = feature;
    this.constant = sae.constant(feature);
    this.headSums = new double[heads];
    this.headSquares = new double[heads];
    this.headProducts = new double[heads];
    this.byToken = new double[saes.model().config().dVocab()];
    for (SourceKind kind : SourceKind.values()) {
      byKind.put(kind, new double[1]);
    }
  }

  /**
   * Sums over a text.
   *
   * @param model the SAEs' model, perhaps under edits in force
   * @param batches each made in a native scope of its own
   * @param count how many batches come, for the progress; 0 if that is not known
   */
  public static TextAttribution of(
      Transformer model,
      SaeSet saes,
      int layer,
      int feature,
      Iterator<Batch> batches,
      int count,
      Progress progress) {
    TextAttribution sums = new TextAttribution(saes, layer, feature);
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(count, done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return sums;
        }
        sums.add(model, saes, batches.next());
      }
    }
  }

  /** Adds the places of some rows of the text. */
  public void add(Transformer model, SaeSet saes, Batch batch) {
    CleanRun run = CleanRun.attentionOf(layer, model, saes, batch.tokens());
    Sae sae = saes.attention(layer);
    float[] activations =
        sae.encode(SaeReading.of(sae, run.activations()).came(), feature).floats();
    float[] heads = DirectFeatureAttribution.heads(run, layer, feature).floats();
    float[] sources = null;
    int positions = batch.positions();
    for (int row = 0; row < batch.rows(); row++) {
      for (int position = 0; position < batch.lengths()[row]; position++) {
        int at = row * positions + position;
        tokens++;
        if (activations[at] > 0) {
          if (sources == null) {
            sources = DirectFeatureAttribution.matrix(run, layer, feature).floats();
          }
          heads(heads, at * headSums.length);
          sources(run, row, position, sources, at * positions);
        }
      }
    }
  }

  private void heads(float[] values, int from) {
    double total = 0;
    for (int head = 0; head < headSums.length; head++) {
      total += values[from + head];
    }
    for (int head = 0; head < headSums.length; head++) {
      double value = values[from + head];
      headSums[head] += value;
      headSquares[head] += value * value;
      headProducts[head] += value * total;
    }
    sum += total;
    squares += total * total;
    places++;
  }

  private void sources(CleanRun run, int row, int destination, float[] values, int from) {
    for (int source = 0; source <= destination; source++) {
      byToken[run.token(row, source)] += values[from + source];
      byKind.get(SourceKind.of(destination, source))[0] += values[from + source];
    }
  }

  /** Adds what was summed over another part of the text. */
  public void merge(TextAttribution other) {
    if (other.layer != layer || other.feature != feature) {
      throw new IllegalArgumentException("sums of different features");
    }
    for (int head = 0; head < headSums.length; head++) {
      headSums[head] += other.headSums[head];
      headSquares[head] += other.headSquares[head];
      headProducts[head] += other.headProducts[head];
    }
    for (int token = 0; token < byToken.length; token++) {
      byToken[token] += other.byToken[token];
    }
    byKind.forEach((kind, value) -> value[0] += other.byKind.get(kind)[0]);
    sum += other.sum;
    squares += other.squares;
    places += other.places;
    tokens += other.tokens;
  }

  /** Tokens that were looked at. */
  public long tokens() {
    return tokens;
  }

  /** Places where the feature was active. */
  public long places() {
    return places;
  }

  /** What is left of its pre-activation when z is zero, the same at every place. */
  public double constant() {
    return constant;
  }

  /** Mean pre-activation over the places: all heads and the constant. */
  public double meanPreActivation() {
    return sum / places + constant;
  }

  /** Each head, in order. Shares of a variance that is zero are NaN. */
  public List<HeadVariance> byHead() {
    double variance = variance(sum, squares);
    double energy = 0;
    for (double square : headSquares) {
      energy += square;
    }
    List<HeadVariance> all = new ArrayList<>();
    for (int head = 0; head < headSums.length; head++) {
      double own = variance(headSums[head], headSquares[head]);
      double both = headProducts[head] / places - headSums[head] / places * (sum / places);
      all.add(
          new HeadVariance(
              head,
              headSums[head] / places,
              1 - (variance + own - 2 * both) / variance,
              headSquares[head] / energy));
    }
    return all;
  }

  private double variance(double sum, double squares) {
    double mean = sum / places;
    return squares / places - mean * mean;
  }

  /** Mean contribution of each kind of source. */
  public Map<SourceKind, Double> bySource() {
    Map<SourceKind, Double> means = new EnumMap<>(SourceKind.class);
    byKind.forEach((kind, value) -> means.put(kind, value[0] / places));
    return means;
  }

  /** Mean contribution of each token as a source, {@code [d_vocab]}. */
  public double[] byToken() {
    double[] means = new double[byToken.length];
    for (int token = 0; token < means.length; token++) {
      means[token] = byToken[token] / places;
    }
    return means;
  }
}
