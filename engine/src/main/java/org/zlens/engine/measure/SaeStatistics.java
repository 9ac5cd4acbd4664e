package org.zlens.engine.measure;

import java.util.EnumMap;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Sums over a text from which all figures of an SAE follow (paper-spec C.1 to C.4).
 *
 * <p>It holds sums alone, so that the statistics of the parts of a text, put together by {@link
 * #plus}, are those of the whole: shards may be measured anywhere and in any order, with the same
 * {@link SiteMeans} where those are asked for.
 */
public final class SaeStatistics {
  private final String site;
  private final int features;
  private final int width;
  private long tokens;
  private final long[] fired;
  private final double[] sum;
  private double sumOfSquares;
  private double squaredError;
  private double reconstructedSquares;
  private double cosine;
  private final Map<Replacement, ReplacementLoss> losses = new EnumMap<>(Replacement.class);

  /**
   * Statistics of nothing yet.
   *
   * @param site the site's name, such as {@code L5.z}
   * @param features number of features of the SAE
   * @param width width of its vectors
   */
  public SaeStatistics(String site, int features, int width) {
    this.site = site;
    this.features = features;
    this.width = width;
    this.fired = new long[features];
    this.sum = new double[width];
    for (Replacement replacement : Replacement.values()) {
      losses.put(replacement, ReplacementLoss.NONE);
    }
  }

  /**
   * Sums over some vectors.
   *
   * @param tokens number of vectors
   * @param fired on how many of them each feature was above zero, {@code [d_sae]}
   * @param sum their sum, {@code [d_in]}
   * @param sumOfSquares the sum of their squared norms
   * @param squaredError the sum of the squared norms of what the SAE misses
   * @param reconstructedSquares the sum of the squared norms of the reconstructions
   * @param cosine the sum of the cosines between vectors and reconstructions
   */
  public record Vectors(
      long tokens,
      double[] fired,
      double[] sum,
      double sumOfSquares,
      double squaredError,
      double reconstructedSquares,
      double cosine) {}

  /** Adds sums over vectors. */
  void add(Vectors some) {
    tokens += some.tokens();
    for (int i = 0; i < features; i++) {
      fired[i] += Math.round(some.fired()[i]);
    }
    for (int i = 0; i < width; i++) {
      sum[i] += some.sum()[i];
    }
    sumOfSquares += some.sumOfSquares();
    squaredError += some.squaredError();
    reconstructedSquares += some.reconstructedSquares();
    cosine += some.cosine();
  }

  /** Adds losses under a replacement. */
  void add(Replacement replacement, ReplacementLoss some) {
    losses.merge(replacement, some, ReplacementLoss::plus);
  }

  /** The statistics of two parts of a text together; neither part is changed. */
  public SaeStatistics plus(SaeStatistics other) {
    if (!site.equals(other.site) || features != other.features || width != other.width) {
      throw new ZlensException(
          Kind.TYPE,
          "statistics of " + this + " and of " + other + " cannot be put together",
          "they must come from the same SAE");
    }
    SaeStatistics all = new SaeStatistics(site, features, width);
    for (SaeStatistics part : new SaeStatistics[] {this, other}) {
      all.tokens += part.tokens;
      for (int i = 0; i < features; i++) {
        all.fired[i] += part.fired[i];
      }
      for (int i = 0; i < width; i++) {
        all.sum[i] += part.sum[i];
      }
      all.sumOfSquares += part.sumOfSquares;
      all.squaredError += part.squaredError;
      all.reconstructedSquares += part.reconstructedSquares;
      all.cosine += part.cosine;
      part.losses.forEach(all::add);
    }
    return all;
  }

  /** The site's name. */
  public String site() {
    return site;
  }

  /** Number of features of the SAE. */
  public int features() {
    return features;
  }

  /** Tokens that were measured, all positions. */
  public long tokens() {
    return tokens;
  }

  /** Mean number of features above zero on a token (L0). */
  public double activeFeatures() {
    double all = 0;
    for (long count : fired) {
      all += count;
    }
    return all / tokens;
  }

  /** Share of the tokens on which a feature was above zero. */
  public double frequency(int feature) {
    return fired[feature] / (double) tokens;
  }

  /** Number of features that fired on at most this share of the tokens; with 0, that never did. */
  public int atMost(double frequency) {
    int count = 0;
    for (int feature = 0; feature < features; feature++) {
      count += frequency(feature) <= frequency ? 1 : 0;
    }
    return count;
  }

  /** The features' frequencies by order of magnitude. */
  public DensityHistogram density() {
    return DensityHistogram.of(fired, tokens);
  }

  /** Losses with the site replaced. */
  public ReplacementLoss loss(Replacement replacement) {
    return losses.get(replacement);
  }

  /** Share of the loss that zeroing the site adds which the SAE recovers (equation 4). */
  public double lossRecovered() {
    return recovered(Replacement.ZERO);
  }

  /** The same against the site's mean in place of zero. */
  public double lossRecoveredFromMean() {
    return recovered(Replacement.MEAN);
  }

  private double recovered(Replacement worst) {
    double bad = loss(worst).meanLoss();
    return (bad - loss(Replacement.RECONSTRUCTION).meanLoss())
        / (bad - loss(Replacement.NONE).meanLoss());
  }

  /**
   * Explained variance, pooled: 1 less the squared error over the squared distance from the mean
   * vector, both summed over all tokens and directions.
   */
  public double explainedVariance() {
    double squaredMean = 0;
    for (double value : sum) {
      squaredMean += value / tokens * (value / tokens);
    }
    return 1 - squaredError / (sumOfSquares - tokens * squaredMean);
  }

  /** Mean squared error of a token: the squared norm of what the SAE misses. */
  public double meanSquaredError() {
    return squaredError / tokens;
  }

  /** Mean cosine between a vector and its reconstruction. */
  public double meanCosine() {
    return cosine / tokens;
  }

  /**
   * Norm of the reconstructions over that of the vectors (root mean squares): below 1 it shrinks.
   */
  public double shrinkage() {
    return Math.sqrt(reconstructedSquares / sumOfSquares);
  }

  @Override
  public String toString() {
    return "the SAE at " + site + " (" + features + " features of width " + width + ")";
  }
}
