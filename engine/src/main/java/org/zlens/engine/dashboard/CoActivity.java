package org.zlens.engine.dashboard;

import java.util.Arrays;

/**
 * Which features are active together: the Pearson correlation of being active, estimated from a
 * sample of the places of each. It is exact for features that are active at no more places than a
 * sample holds. One thread may ask at a time.
 */
public final class CoActivity {
  /** Pairs with fewer places in common in their samples are left out: they tell nothing. */
  static final int LEAST_COMMON = 3;

  private final FeatureStatistics statistics;
  private final long[][] sorted;

  /** Distinct lots of all samples, rising, and where the features of each begin. */
  private final long[] lots;

  private final int[] begins;
  private final int[] members;

  /** Places in common with the feature that is asked for, and the features that have any. */
  private final int[] common;

  private final int[] touched;

  /** The samples of some statistics, made ready for questions. */
  public CoActivity(FeatureStatistics statistics) {
    this.statistics = statistics;
    this.sorted = new long[statistics.features][];
    long[] all = new long[total(statistics.sketch.sizes)];
    int count = 0;
    for (int feature = 0; feature < sorted.length; feature++) {
      sorted[feature] = statistics.sketch.sorted(feature);
      System.arraycopy(sorted[feature], 0, all, count, sorted[feature].length);
      count += sorted[feature].length;
    }
    Arrays.sort(all);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    this.lots = Arrays.copyOf(all, distinct);
    this.begins = new int[distinct + 1];
    this.members = new int[count];
    this.common = new int[statistics.features];
    this.touched = new int[statistics.features];
    fill();
  }

  private static int total(short[] sizes) {
    int total = 0;
    for (short size : sizes) {
      total = Math.addExact(total, size);
    }
    return total;
  }

  private void fill() {
    int[] index = new int[members.length];
    int at = 0;
    for (long[] own : sorted) {
      for (long lot : own) {
        index[at] = Arrays.binarySearch(lots, lot);
        begins[index[at++] + 1]++;
      }
    }
    for (int i = 1; i < begins.length; i++) {
      begins[i] += begins[i - 1];
    }
    int[] next = begins.clone();
    at = 0;
    for (int feature = 0; feature < sorted.length; feature++) {
      for (int i = 0; i < sorted[feature].length; i++) {
        members[next[index[at++]]++] = feature;
      }
    }
  }

  /** The features whose being active correlates most with that of a feature, falling. */
  public Related of(int feature, int count) {
    int found = 0;
    for (long lot : sorted[feature]) {
      int at = Arrays.binarySearch(lots, lot);
      for (int i = begins[at]; i < begins[at + 1]; i++) {
        int other = members[i];
        if (common[other]++ == 0) {
          touched[found++] = other;
        }
      }
    }
    Related.Best best = new Related.Best(count);
    for (int i = 0; i < found; i++) {
      int other = touched[i];
      if (other != feature && common[other] >= LEAST_COMMON) {
        best.offer(other, correlation(feature, other, common[other]));
      }
      common[other] = 0;
    }
    return best.related();
  }

  private float correlation(int a, int b, int common) {
    double both = both(a, b, common);
    double n = statistics.tokens;
    double firstFires = statistics.fired[a];
    double secondFires = statistics.fired[b];
    double spread =
        Math.sqrt(firstFires * (n - firstFires)) * Math.sqrt(secondFires * (n - secondFires));
    return spread > 0 ? (float) ((n * both - firstFires * secondFires) / spread) : 0;
  }

  /** Places that two features have in common, from the lowest lots of the places of either. */
  private double both(int a, int b, int common) {
    if (isWhole(a) && isWhole(b)) {
      return common;
    }
    long last = lower(bound(a), bound(b));
    int either = upTo(a, last) + upTo(b, last) - common;
    double jaccard = (double) common / either;
    return jaccard / (1 + jaccard) * (statistics.fired[a] + statistics.fired[b]);
  }

  private boolean isWhole(int feature) {
    return statistics.fired[feature] == sorted[feature].length;
  }

  /** Up to which lot the sample of a feature has all of its places. */
  private long bound(int feature) {
    return isWhole(feature) ? -1L : sorted[feature][sorted[feature].length - 1];
  }

  private static long lower(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private int upTo(int feature, long last) {
    int low = 0;
    int high = sorted[feature].length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sorted[feature][middle], last) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
