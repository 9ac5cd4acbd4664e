package org.zlens.engine.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What a text tells of all features of an SAE at once: how often each is active, how strongly, its
 * strongest places, places drawn from each band of activation, and a sample of all by which
 * features that are active together are found (paper-spec E.1).
 *
 * <p>Statistics of parts of a text {@link #merge} to those of the whole, whatever the parts: they
 * hang on the places and not on the order in which they come. The memory that they take hangs on
 * the number of features alone.
 */
public final class FeatureStatistics {
  /** Strongest places that are kept of a feature, as many as the paper shows. */
  public static final int STRONGEST = 20;

  /** Places drawn from a band, as many as the paper shows. */
  public static final int DRAWN = 5;

  private static final int BINS = ActivationGrid.BINS;
  private static final int BANDS = ActivationGrid.BANDS;

  final int features;
  final long seed;
  final boolean proxied;
  final long[] fired;
  final int[] exponents;
  final int[] bins;
  final int[] proxyBins;
  final KeptPlaces strongest;
  final KeptPlaces drawn;
  final PlaceSketch sketch;
  long tokens;
  long holds;
  long rows;
  int longest;

  /**
   * Nothing yet.
   *
   * @param seed of what is drawn
   * @param attributed whether sources of the places that are kept will be told
   * @param proxied whether it will be told of each place whether a proxy holds there
   */
  public FeatureStatistics(int features, long seed, boolean attributed, boolean proxied) {
    this.features = features;
    this.seed = seed;
    this.proxied = proxied;
    this.fired = new long[features];
    this.exponents = new int[features];
    this.bins = new int[Math.multiplyExact(features, BINS)];
    this.proxyBins = new int[proxied ? bins.length : 0];
    this.strongest = new KeptPlaces(features, STRONGEST, Preference.STRONGEST, attributed);
    this.drawn =
        new KeptPlaces(
            Math.multiplyExact(features, BANDS),
            DRAWN,
            Preference.drawn(Lot.mix(seed), BANDS),
            attributed);
    this.sketch = new PlaceSketch(features);
    Arrays.fill(exponents, ActivationGrid.NONE);
  }

  /** Bytes that the statistics of so many features take. */
  public static long bytes(long features, boolean attributed, boolean proxied) {
    long slots = STRONGEST + (long) BANDS * DRAWN;
    long counts = Long.BYTES + Integer.BYTES + (proxied ? 2L : 1L) * BINS * Integer.BYTES;
    long sizes = 2L + 2L * BANDS + Short.BYTES;
    long sketched = (long) PlaceSketch.CAPACITY * Long.BYTES;
    return features * (counts + sizes + sketched + KeptPlaces.bytes(slots, attributed));
  }

  /** Counts a place of the text, active or not. */
  void count(boolean holdsThere) {
    tokens++;
    holds += holdsThere ? 1 : 0;
  }

  /** Counts a row of the text. */
  void countRow(int length) {
    rows++;
    longest = Math.max(longest, length);
  }

  long lot(long place) {
    return Lot.of(seed, place);
  }

  /**
   * Adds a place where a feature is active.
   *
   * @param lot of the place, the same for all features
   */
  void add(int feature, long place, long lot, float activation, boolean holdsThere) {
    if (!(activation > 0 && activation <= Float.MAX_VALUE)) {
      throw new ZlensException(
          Kind.RUNTIME,
          "feature " + feature + " has the activation " + activation + " at a place of the text",
          "are the weights of the model and its SAE whole?");
    }
    fired[feature]++;
    int exponent = ActivationGrid.exponent(activation);
    if (exponent > exponents[feature]) {
      coarsen(feature, exponent);
    }
    int bin = ActivationGrid.bin(activation, exponents[feature]);
    increase(bins, feature * BINS + bin, 1);
    if (holdsThere && proxied) {
      increase(proxyBins, feature * BINS + bin, 1);
    }
    strongest.offer(feature, place, activation);
    drawn.offer(feature * BANDS + ActivationGrid.band(bin), place, activation);
    sketch.offer(feature, lot);
  }

  private static void increase(int[] counts, int at, int by) {
    counts[at] = Math.addExact(counts[at], by);
  }

  private void coarsen(int feature, int exponent) {
    int before = exponents[feature];
    exponents[feature] = exponent;
    if (before == ActivationGrid.NONE) {
      return;
    }
    int shift = exponent - before;
    coarsen(bins, feature, shift);
    if (proxied) {
      coarsen(proxyBins, feature, shift);
    }
    drawn.coarsen(feature * BANDS, BANDS, shift);
  }

  private static void coarsen(int[] counts, int feature, int shift) {
    for (int bin = 0; bin < BINS; bin++) {
      int count = counts[feature * BINS + bin];
      counts[feature * BINS + bin] = 0;
      increase(counts, feature * BINS + (shift < Integer.SIZE ? bin >> shift : 0), count);
    }
  }

  /**
   * Adds the statistics of another part of the text, made with the same seed; no row may be in
   * both.
   */
  public void merge(FeatureStatistics other) {
    if (other.features != features || other.seed != seed || other.proxied != proxied) {
      throw new IllegalArgumentException("statistics of other features, or with another seed");
    }
    tokens += other.tokens;
    holds += other.holds;
    rows += other.rows;
    longest = Math.max(longest, other.longest);
    for (int feature = 0; feature < features; feature++) {
      int exponent = other.exponents[feature];
      if (exponent == ActivationGrid.NONE) {
        continue;
      }
      fired[feature] += other.fired[feature];
      if (exponent > exponents[feature]) {
        coarsen(feature, exponent);
      }
      int shift = exponents[feature] - exponent;
      for (int bin = 0; bin < BINS; bin++) {
        int from = feature * BINS + bin;
        int to = feature * BINS + (shift < Integer.SIZE ? bin >> shift : 0);
        increase(bins, to, other.bins[from]);
        if (proxied) {
          increase(proxyBins, to, other.proxyBins[from]);
        }
      }
      strongest.offerAll(feature, other.strongest, feature);
      for (int band = 0; band < BANDS; band++) {
        int to = shift < Integer.SIZE ? band >> shift : 0;
        drawn.offerAll(feature * BANDS + to, other.drawn, feature * BANDS + band);
      }
    }
    sketch.offerAll(other.sketch);
  }

  /** Number of features of the SAE. */
  public int features() {
    return features;
  }

  /** Places of the text that count. */
  public long tokens() {
    return tokens;
  }

  /** Places of the text at which the proxy holds. */
  public long holds() {
    return holds;
  }

  /** Rows of the text. */
  public long rows() {
    return rows;
  }

  /** Tokens of the longest row. */
  public int longest() {
    return longest;
  }

  /** Whether it is known of each place whether a proxy holds there. */
  public boolean isProxied() {
    return proxied;
  }

  /** Places at which a feature is active. */
  public long fired(int feature) {
    return fired[feature];
  }

  /** The features that are active anywhere, rising. */
  public int[] live() {
    return IntStream.range(0, features).filter(feature -> fired[feature] > 0).toArray();
  }

  /** The rows of the text in which places lie that are kept of some features. */
  public Set<Long> rows(int... some) {
    Set<Long> rows = new HashSet<>();
    for (int feature : some) {
      strongest.rows(feature, 1, rows);
      drawn.rows(feature * BANDS, BANDS, rows);
    }
    return rows;
  }

  /** The strongest places of a feature, falling. */
  public List<KeptExample> strongest(int feature) {
    return strongest.examples(feature);
  }

  /** How many places have which activation: bins from zero up to the largest. */
  public ActivationHistogram histogram(int feature) {
    int exponent = exponents[feature];
    if (exponent == ActivationGrid.NONE) {
      return new ActivationHistogram(0, new int[0], new int[0]);
    }
    int from = feature * BINS;
    int used = from + BINS;
    while (bins[used - 1] == 0) {
      used--;
    }
    return new ActivationHistogram(
        ActivationGrid.binFrom(1, exponent),
        Arrays.copyOfRange(bins, from, used),
        proxied ? Arrays.copyOfRange(proxyBins, from, used) : new int[0]);
  }

  /** The bands of a feature from the highest to the lowest, those without a place left out. */
  public List<ActivationBand> bands(int feature) {
    List<ActivationBand> found = new ArrayList<>();
    int exponent = exponents[feature];
    int width = BINS / BANDS;
    for (int band = BANDS - 1; band >= 0 && exponent != ActivationGrid.NONE; band--) {
      long places = 0;
      for (int bin = band * width; bin < (band + 1) * width; bin++) {
        places += bins[feature * BINS + bin];
      }
      if (places > 0) {
        found.add(
            new ActivationBand(
                ActivationGrid.bandFrom(band, exponent),
                ActivationGrid.bandFrom(band + 1, exponent),
                places,
                drawn.examples(feature * BANDS + band)));
      }
    }
    return found;
  }
}
