package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often the features of an SAE fire at places with the property of a family, and how often such
 * places come at all. Counts of the parts of a text add up to the whole.
 */
public final class FamilyCounts {
  /** Pairs of tokens are told apart by a hash of so many values. */
  static final int PAIRS = 256;

  private final TokenFeatures tokens;
  private final int features;
  private final int beginning;
  private long places;
  private final long[] firings;
  private final Map<FeatureFamily, long[]> at = new EnumMap<>(FeatureFamily.class);
  private final Map<FeatureFamily, long[]> base = new EnumMap<>(FeatureFamily.class);
  private final int[][] firingPairs;
  private final long[] pairs = new long[PAIRS];

  /**
   * Counts of nothing yet.
   *
   * @param beginning the beginning-of-text token, or -1: it stands before everything, so that its
   *     having come before says nothing
   */
  FamilyCounts(TokenFeatures tokens, int features, int beginning) {
    this.tokens = tokens;
    this.features = features;
    this.beginning = beginning;
    this.firings = new long[features];
    this.firingPairs = new int[features][PAIRS];
    for (FeatureFamily family : FeatureFamily.values()) {
      at.put(family, new long[features]);
      base.put(family, new long[features]);
    }
  }

  /** What is active at a place: features, in any order. */
  @FunctionalInterface
  interface Active {
    int[] at(int position);
  }

  /** Adds a row of text. */
  void add(long[] ids, Active active) {
    Set<Integer> seen = new HashSet<>();
    Map<Integer, Set<Integer>> followers = new HashMap<>();
    Map<FeatureFamily, boolean[]> holds = new EnumMap<>(FeatureFamily.class);
    for (FeatureFamily family : FeatureFamily.values()) {
      holds.put(family, new boolean[features]);
    }
    for (int position = 0; position < ids.length; position++) {
      int token = (int) ids[position];
      if (position > 0 && ids[position - 1] != beginning) {
        followers.computeIfAbsent((int) ids[position - 1], before -> new HashSet<>()).add(token);
      }
      Arrays.fill(holds.get(FeatureFamily.DUPLICATE), seen.contains(token));
      induction(followers.getOrDefault(token, Set.of()), holds.get(FeatureFamily.INDUCTION));
      int pair = position == 0 ? pair(-1, token) : pair(ids[position - 1], token);
      count(active.at(position), holds, pair);
      // From the next place on this token has come before.
      if (token != beginning && seen.add(token)) {
        mark(tokens.favouring(token), holds.get(FeatureFamily.NAME_MOVER));
        mark(tokens.opposing(token), holds.get(FeatureFamily.SUPPRESSION));
        mark(tokens.continuing(token), holds.get(FeatureFamily.SUCCESSION));
      }
    }
  }

  private void induction(Set<Integer> followers, boolean[] holds) {
    Arrays.fill(holds, false);
    followers.forEach(follower -> mark(tokens.favouring(follower), holds));
  }

  private static void mark(int[] some, boolean[] holds) {
    for (int feature : some) {
      holds[feature] = true;
    }
  }

  private void count(int[] active, Map<FeatureFamily, boolean[]> holds, int pair) {
    places++;
    pairs[pair]++;
    holds.forEach(
        (family, marks) -> {
          long[] all = base.get(family);
          for (int feature = 0; feature < features; feature++) {
            all[feature] += marks[feature] ? 1 : 0;
          }
          long[] own = at.get(family);
          for (int feature : active) {
            own[feature] += marks[feature] ? 1 : 0;
          }
        });
    for (int feature : active) {
      firings[feature]++;
      firingPairs[feature][pair]++;
    }
  }

  private static int pair(long before, long token) {
    long mixed = (before * 0x9E3779B97F4A7C15L + token) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 56) & (PAIRS - 1);
  }

  /** The counts of two parts of a text together; neither part is changed. */
  public FamilyCounts plus(FamilyCounts other) {
    FamilyCounts sum = new FamilyCounts(tokens, features, beginning);
    for (FamilyCounts part : List.of(this, other)) {
      sum.places += part.places;
      add(sum.firings, part.firings);
      add(sum.pairs, part.pairs);
      part.at.forEach((family, counts) -> add(sum.at.get(family), counts));
      part.base.forEach((family, counts) -> add(sum.base.get(family), counts));
      for (int feature = 0; feature < features; feature++) {
        for (int pair = 0; pair < PAIRS; pair++) {
          sum.firingPairs[feature][pair] += part.firingPairs[feature][pair];
        }
      }
    }
    return sum;
  }

  private static void add(long[] sum, long[] part) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += part[i];
    }
  }

  /** How each feature that fired fits each family, feature by feature. */
  public List<FamilyScore> scores() {
    List<FamilyScore> scores = new ArrayList<>();
    for (int feature = 0; feature < features; feature++) {
      if (firings[feature] > 0) {
        for (FeatureFamily family : FeatureFamily.values()) {
          scores.add(score(feature, family));
        }
      }
    }
    return scores;
  }

  private FamilyScore score(int feature, FeatureFamily family) {
    double fired = firings[feature];
    if (family == FeatureFamily.N_GRAM) {
      int most = 0;
      for (int pair = 1; pair < PAIRS; pair++) {
        most = firingPairs[feature][pair] > firingPairs[feature][most] ? pair : most;
      }
      return new FamilyScore(
          feature,
          family,
          firings[feature],
          firingPairs[feature][most] / fired,
          pairs[most] / (double) places);
    }
    return new FamilyScore(
        feature,
        family,
        firings[feature],
        at.get(family)[feature] / fired,
        base.get(family)[feature] / (double) places);
  }
}
