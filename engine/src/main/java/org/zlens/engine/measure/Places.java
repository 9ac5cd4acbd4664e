package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places of one feature that are shown: the strongest, and some of the others. */
final class Places {
  /** As many as the paper shows. */
  static final int STRONGEST = 20;

  /** Places drawn from the others, so that weak activations are seen too. */
  static final int ANYWHERE = 10;

  /** Tokens shown before and after a place. */
  private static final int AROUND = 8;

  private static final Comparator<Found> BY_ACTIVATION =
      Comparator.comparingDouble((Found found) -> found.example().activation())
          .reversed()
          .thenComparingLong(Found::place);

  /** The lowest of random numbers, one for each place, are a sample in one pass. */
  private static final Comparator<Found> BY_LOT =
      Comparator.comparingLong(Found::lot).thenComparingLong(Found::place);

  private final int feature;
  private final long seed;
  private List<Found> strongest = List.of();
  private List<Found> drawn = List.of();
  private long places;

  Places(int feature, long seed) {
    this.feature = feature;
    this.seed = seed;
  }

  /** An example, which place of the feature it is in the text, and its random number. */
  private record Found(Example example, long place, long lot) {}

  int feature() {
    return feature;
  }

  /** Looks at a row of text, of which the feature's activations are given. */
  void add(int[] ids, float[] acts) {
    List<Found> found = new ArrayList<>();
    for (int at = 0; at < ids.length; at++) {
      if (acts[at] > 0) {
        long place = places++;
        long lot = new SplittableRandom(seed ^ (place * 0x9E3779B97F4A7C15L + feature)).nextLong();
        found.add(new Found(example(ids, acts, at), place, lot));
      }
    }
    if (!found.isEmpty()) {
      strongest = first(strongest, found, STRONGEST, BY_ACTIVATION);
      // So many that enough are left when those that are among the strongest go.
      drawn = first(drawn, found, STRONGEST + ANYWHERE, BY_LOT);
    }
  }

  private static List<Found> first(
      List<Found> before, List<Found> more, int count, Comparator<Found> order) {
    return Stream.concat(before.stream(), more.stream()).sorted(order).limit(count).toList();
  }

  private static Example example(int[] ids, float[] acts, int at) {
    int from = Math.max(0, at - AROUND);
    int to = Math.min(ids.length, at + AROUND + 1);
    return new Example(
        Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(acts, from, to), at - from);
  }

  /** What is shown of the feature, given the share of the tokens at which it is active. */
  LiveExamples.Shown shown(double frequency) {
    Set<Long> taken = strongest.stream().map(Found::place).collect(Collectors.toSet());
    return new LiveExamples.Shown(
        feature,
        frequency,
        strongest.stream().map(Found::example).toList(),
        drawn.stream()
            .filter(one -> !taken.contains(one.place()))
            .limit(ANYWHERE)
            .sorted(BY_ACTIVATION)
            .map(Found::example)
            .toList());
  }
}
