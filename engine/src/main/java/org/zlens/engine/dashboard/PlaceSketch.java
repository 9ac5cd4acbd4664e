package org.zlens.engine.dashboard;

import java.util.Arrays;

/**
 * Of each feature the places with the lowest lots, all of them where they are few. The lot of a
 * place is the same for all features, so that the samples of two of them tell how many places they
 * have in common.
 */
final class PlaceSketch {
  /** Places of a feature. */
  static final int CAPACITY = 128;

  final short[] sizes;

  /** Of each feature a heap whose first is the largest, compared as unsigned. */
  final long[] lots;

  PlaceSketch(int features) {
    this.sizes = new short[features];
    this.lots = new long[Math.multiplyExact(features, CAPACITY)];
  }

  void offer(int feature, long lot) {
    int first = feature * CAPACITY;
    int size = sizes[feature];
    if (size < CAPACITY) {
      sizes[feature]++;
      rise(first, size, lot);
    } else if (Long.compareUnsigned(lot, lots[first]) < 0) {
      sink(first, lot);
    }
  }

  private void rise(int first, int at, long lot) {
    int child = at;
    while (child > 0) {
      int parent = (child - 1) / 2;
      if (Long.compareUnsigned(lots[first + parent], lot) >= 0) {
        break;
      }
      lots[first + child] = lots[first + parent];
      child = parent;
    }
    lots[first + child] = lot;
  }

  /** Puts a lot in the place of the largest of a full heap. */
  private void sink(int first, long lot) {
    int parent = 0;
    while (true) {
      int child = 2 * parent + 1;
      if (child >= CAPACITY) {
        break;
      }
      if (child + 1 < CAPACITY
          && Long.compareUnsigned(lots[first + child + 1], lots[first + child]) > 0) {
        child++;
      }
      if (Long.compareUnsigned(lots[first + child], lot) <= 0) {
        break;
      }
      lots[first + parent] = lots[first + child];
      parent = child;
    }
    lots[first + parent] = lot;
  }

  void offerAll(PlaceSketch other) {
    for (int feature = 0; feature < sizes.length; feature++) {
      for (int i = 0; i < other.sizes[feature]; i++) {
        offer(feature, other.lots[feature * CAPACITY + i]);
      }
    }
  }

  /** The lots of a feature, rising as unsigned numbers. */
  long[] sorted(int feature) {
    long[] own = Arrays.copyOfRange(lots, feature * CAPACITY, feature * CAPACITY + sizes[feature]);
    for (int i = 0; i < own.length; i++) {
      own[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(own);
    for (int i = 0; i < own.length; i++) {
      own[i] ^= Long.MIN_VALUE;
    }
    return own;
  }
}
