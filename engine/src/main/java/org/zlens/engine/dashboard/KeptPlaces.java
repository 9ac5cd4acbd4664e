package org.zlens.engine.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * The most preferred places of many groups, so many of each, in columns: which these are hangs on
 * the places offered and not on their order.
 *
 * <p>A place is the number of its row and its position in one long. What is shown of a place beside
 * its activation is filled in later, while its row is at hand: {@link #takeFresh}.
 */
final class KeptPlaces {
  /** Tokens shown before and after a place, as the paper's pages do. */
  static final int AROUND = 5;

  /** Tokens shown of a place. */
  static final int SHOWN = 2 * AROUND + 1;

  private static final int POSITION_BITS = 24;
  private static final long POSITION = (1L << POSITION_BITS) - 1;

  final int groups;
  final int capacity;
  final byte[] sizes;
  final long[] places;
  final float[] activations;
  final float[] around;
  final int[] sources;
  final float[] contributions;
  private final Preference preference;
  private final byte[] last;
  private final BitSet fresh = new BitSet();

  /**
   * Nothing yet.
   *
   * @param capacity places of a group, at most 127
   * @param attributed whether sources are kept
   */
  KeptPlaces(int groups, int capacity, Preference preference, boolean attributed) {
    int slots = Math.multiplyExact(groups, capacity);
    this.groups = groups;
    this.capacity = capacity;
    this.preference = preference;
    this.sizes = new byte[groups];
    this.last = new byte[groups];
    this.places = new long[slots];
    this.activations = new float[slots];
    this.around = new float[Math.multiplyExact(slots, SHOWN)];
    this.sources = new int[attributed ? slots : 0];
    this.contributions = new float[attributed ? around.length : 0];
  }

  /** Bytes that so many places take. */
  static long bytes(long slots, boolean attributed) {
    long shown = (long) SHOWN * Float.BYTES;
    return slots * (Long.BYTES + Float.BYTES + shown + (attributed ? Integer.BYTES + shown : 0));
  }

  static long place(long row, int position) {
    if (position > POSITION) {
      throw new IllegalArgumentException("position " + position);
    }
    return row << POSITION_BITS | position;
  }

  static long row(long place) {
    return place >>> POSITION_BITS;
  }

  static int position(long place) {
    return (int) (place & POSITION);
  }

  boolean isAttributed() {
    return sources.length > 0;
  }

  /** Offers a place that was not offered before. */
  void offer(int group, long place, float activation) {
    int slot = room(group, place, activation);
    if (slot >= 0) {
      places[slot] = place;
      activations[slot] = activation;
      Arrays.fill(around, slot * SHOWN, (slot + 1) * SHOWN, 0);
      if (isAttributed()) {
        sources[slot] = -1;
        Arrays.fill(contributions, slot * SHOWN, (slot + 1) * SHOWN, 0);
      }
      fresh.set(slot);
      settle(group);
    }
  }

  /** The slot that a place would take, or -1. */
  private int room(int group, long place, float activation) {
    int size = sizes[group];
    int first = group * capacity;
    if (size < capacity) {
      sizes[group]++;
      return first + size;
    }
    int slot = first + last[group];
    return preference.prefers(group, place, activation, places[slot], activations[slot])
        ? slot
        : -1;
  }

  /** Finds the least preferred place of a full group. */
  private void settle(int group) {
    if (sizes[group] < capacity) {
      return;
    }
    int first = group * capacity;
    int least = first;
    for (int slot = first + 1; slot < first + capacity; slot++) {
      if (preference.prefers(
          group, places[least], activations[least], places[slot], activations[slot])) {
        least = slot;
      }
    }
    last[group] = (byte) (least - first);
  }

  /** Finds the least preferred of all groups, after the columns were filled from a file. */
  void settleAll() {
    for (int group = 0; group < groups; group++) {
      settle(group);
    }
  }

  /** The slots that were taken since this was asked before and still hold what took them. */
  int[] takeFresh() {
    int[] slots = fresh.stream().toArray();
    fresh.clear();
    return slots;
  }

  int group(int slot) {
    return slot / capacity;
  }

  /** Offers all places of a group of another, with what is shown of them. */
  void offerAll(int group, KeptPlaces other, int otherGroup) {
    for (int i = 0; i < other.sizes[otherGroup]; i++) {
      int from = otherGroup * other.capacity + i;
      int slot = room(group, other.places[from], other.activations[from]);
      if (slot >= 0) {
        copy(other, from, slot);
        settle(group);
      }
    }
  }

  private void copy(KeptPlaces other, int from, int slot) {
    places[slot] = other.places[from];
    activations[slot] = other.activations[from];
    System.arraycopy(other.around, from * SHOWN, around, slot * SHOWN, SHOWN);
    if (isAttributed()) {
      sources[slot] = other.sources[from];
      System.arraycopy(other.contributions, from * SHOWN, contributions, slot * SHOWN, SHOWN);
    }
    fresh.set(slot, other.fresh.get(from));
  }

  /** Joins some groups, {@code 1 << shift} to one, the others becoming empty. */
  void coarsen(int firstGroup, int count, int shift) {
    KeptPlaces before = new KeptPlaces(count, capacity, preference, isAttributed());
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < sizes[firstGroup + i]; j++) {
        before.copy(this, (firstGroup + i) * capacity + j, i * capacity + j);
      }
      before.sizes[i] = sizes[firstGroup + i];
      sizes[firstGroup + i] = 0;
    }
    fresh.clear(firstGroup * capacity, (firstGroup + count) * capacity);
    for (int i = 0; i < count; i++) {
      offerAll(firstGroup + (shift < Integer.SIZE ? i >> shift : 0), before, i);
    }
  }

  /** Adds the rows in which places of some groups lie. */
  void rows(int firstGroup, int count, Set<Long> rows) {
    for (int group = firstGroup; group < firstGroup + count; group++) {
      for (int slot = group * capacity; slot < group * capacity + sizes[group]; slot++) {
        rows.add(row(places[slot]));
      }
    }
  }

  /** The places of a group, the most preferred first. */
  List<KeptExample> examples(int group) {
    List<Integer> slots = new ArrayList<>();
    for (int slot = group * capacity; slot < group * capacity + sizes[group]; slot++) {
      slots.add(slot);
    }
    slots.sort(
        (a, b) ->
            preference.prefers(group, places[a], activations[a], places[b], activations[b])
                ? -1
                : 1);
    return slots.stream().map(this::example).toList();
  }

  private KeptExample example(int slot) {
    int from = slot * SHOWN;
    boolean attributed = isAttributed() && sources[slot] >= 0;
    return new KeptExample(
        row(places[slot]),
        position(places[slot]),
        activations[slot],
        Arrays.copyOfRange(around, from, from + SHOWN),
        attributed ? sources[slot] : -1,
        attributed ? Arrays.copyOfRange(contributions, from, from + SHOWN) : new float[0]);
  }
}
