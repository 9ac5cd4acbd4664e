package org.zlens.engine.dashboard;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.zlens.engine.attribute.SourceContributions;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.Proxy;
import org.zlens.engine.sae.SparseActivations;

/** The places of a batch of text: which count, where a proxy holds, and what is shown of each. */
final class PassPlaces {
  private static final int INDEX_BITS = 28;

  private final long firstRow;
  private final int positions;
  private final int[] lengths;
  private final boolean[] counts;
  private final boolean[] holds;

  PassPlaces(Batch batch, long firstRow, OptionalInt bos, Optional<Proxy> proxy) {
    this.firstRow = firstRow;
    this.positions = batch.positions();
    this.lengths = batch.lengths();
    this.counts = new boolean[batch.rows() * positions];
    this.holds = new boolean[counts.length];
    long[] ids = batch.tokens().longs();
    for (int row = 0; row < batch.rows(); row++) {
      int[] own =
          Arrays.stream(ids, row * positions, row * positions + lengths[row])
              .mapToInt(Math::toIntExact)
              .toArray();
      for (int position = 0; position < own.length; position++) {
        int at = row * positions + position;
        counts[at] = bos.isEmpty() || own[position] != bos.getAsInt();
        if (counts[at] && proxy.isPresent()) {
          holds[at] = proxy.get().holds(firstRow + row, own, position);
        }
      }
    }
  }

  /** Adds all places that count. */
  void add(FeatureStatistics to, SparseActivations acts) {
    for (int length : lengths) {
      to.countRow(length);
    }
    for (int at = 0; at < counts.length; at++) {
      if (counts[at]) {
        long place = KeptPlaces.place(firstRow + at / positions, at % positions);
        long lot = to.lot(place);
        boolean has = holds[at];
        to.count(has);
        acts.forEach(at, (feature, value) -> to.add(feature, place, lot, value, has));
      }
    }
  }

  /**
   * Tells of the places that were kept since this was called before what is around them, and of
   * attention features where their activation comes from.
   */
  void show(
      FeatureStatistics of,
      SparseActivations acts,
      Activations pass,
      Optional<SourceContributions> contributions) {
    int[] strongest = of.strongest.takeFresh();
    int[] drawn = of.drawn.takeFresh();
    Kept[] kept = new Kept[strongest.length + drawn.length];
    Arrays.setAll(
        kept,
        i ->
            i < strongest.length
                ? new Kept(of.strongest, strongest[i], of.features)
                : new Kept(of.drawn, drawn[i - strongest.length], of.features));
    for (Kept one : kept) {
      around(one, acts);
    }
    contributions.ifPresent(some -> sources(kept, of.features, pass, some));
  }

  /** A place that was kept, wherever it is kept. */
  private record Kept(KeptPlaces in, int slot, int features) {
    int feature() {
      return in.group(slot) / (in.groups / features);
    }

    int position() {
      return KeptPlaces.position(in.places[slot]);
    }
  }

  private int row(Kept kept) {
    return (int) (KeptPlaces.row(kept.in.places[kept.slot]) - firstRow);
  }

  private void around(Kept kept, SparseActivations acts) {
    int row = row(kept);
    int feature = kept.feature();
    for (int i = 0; i < KeptPlaces.SHOWN; i++) {
      int position = kept.position() + i - KeptPlaces.AROUND;
      if (position >= 0 && position < lengths[row] && counts[row * positions + position]) {
        kept.in.around[kept.slot * KeptPlaces.SHOWN + i] =
            acts.value(row * positions + position, feature);
      }
    }
  }

  /** Row by row, the places of a feature beside each other. */
  private void sources(
      Kept[] kept, int features, Activations pass, SourceContributions contributions) {
    long[] order = new long[kept.length];
    Arrays.setAll(
        order, i -> ((long) row(kept[i]) * features + kept[i].feature()) << INDEX_BITS | i);
    Arrays.sort(order);
    int from = 0;
    while (from < order.length) {
      int row = row(kept[index(order[from])]);
      int to = from;
      while (to < order.length && row(kept[index(order[to])]) == row) {
        to++;
      }
      Kept[] some = new Kept[to - from];
      int first = from;
      Arrays.setAll(some, i -> kept[index(order[first + i])]);
      contributions.of(
          pass,
          row,
          Arrays.stream(some).mapToInt(Kept::feature).toArray(),
          Arrays.stream(some).mapToInt(Kept::position).toArray(),
          (index, values) -> note(some[index], values));
      from = to;
    }
  }

  private static int index(long key) {
    return (int) (key & (1L << INDEX_BITS) - 1);
  }

  private static void note(Kept kept, float[] contributions) {
    int destination = kept.position();
    int source = 0;
    for (int i = 1; i <= destination; i++) {
      if (contributions[i] > contributions[source]) {
        source = i;
      }
    }
    kept.in.sources[kept.slot] = source;
    for (int i = 0; i < KeptPlaces.SHOWN; i++) {
      int at = source + i - KeptPlaces.AROUND;
      if (at >= 0 && at <= destination) {
        kept.in.contributions[kept.slot * KeptPlaces.SHOWN + i] = contributions[at];
      }
    }
  }
}
