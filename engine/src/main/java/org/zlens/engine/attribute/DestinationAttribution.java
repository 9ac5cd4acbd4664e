package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Direct feature attribution of one attention feature at many destinations of a prompt, of which
 * only the rows that count are kept (paper-spec A.4, A.5): what is dropped is one row, so that each
 * destination still adds up.
 *
 * <p>Destinations are worked on a few at a time and handed on one by one, so that a prompt of 1,024
 * tokens needs no square of its length in memory.
 *
 * @param destination position D
 * @param preActivation the number explained
 * @param activation what the encoder makes of it
 * @param attribution kept rows, those with the largest contributions first; then {@link
 *     Part#OTHERS}, if any were dropped, and the constant
 * @param dropped number of rows that the others stand for
 */
public record DestinationAttribution(
    int destination,
    double preActivation,
    double activation,
    Attribution attribution,
    int dropped) {
  /** Contributions that are in memory at once. */
  private static final int AT_ONCE = 1 << 20;

  /** What rows stand for. */
  public enum Split {
    /** Heads. */
    HEAD,
    /** Source positions. */
    SOURCE,
    /** Heads at source positions. */
    BOTH
  }

  /**
   * Which rows are kept of each destination.
   *
   * @param most so many at most
   * @param least the absolute contribution that a row must reach, in units of activation
   */
  public record Keep(int most, double least) {
    /** Refuses what keeps nothing by its definition. */
    public Keep {
      if (most < 1 || !(least >= 0)) {
        throw new IllegalArgumentException("keep " + most + " rows of at least " + least);
      }
    }
  }

  /**
   * Attributes a feature at some destinations of a prompt.
   *
   * @param run a run that kept queries and keys, or patterns, values and z of the layer
   * @param destinations rising
   * @param above the activation that a destination must exceed; others are passed over
   * @param each hears of every destination, in order
   * @throws org.zlens.engine.ZlensException if there is no such feature, prompt or position
   */
  public static void of(
      CleanRun run,
      int layer,
      int feature,
      int row,
      int[] destinations,
      Split split,
      Keep keep,
      double above,
      Progress progress,
      Consumer<DestinationAttribution> each) {
    Sae sae = run.saes().attention(layer);
    sae.requireFeature(feature);
    for (int destination : destinations) {
      run.require(row, destination);
    }
    new Work(run, sae, feature, row, split, keep, above).run(destinations, progress, each);
  }

  /** One feature in one prompt. */
  private record Work(
      CleanRun run, Sae sae, int feature, int row, Split split, Keep keep, double above) {
    private void run(int[] destinations, Progress progress, Consumer<DestinationAttribution> each) {
      int heads = run.config().heads();
      try (Scope scope = Scope.open()) {
        JointContributions joint = new JointContributions(run, sae.location().layer(), feature);
        for (int from = 0; from < destinations.length; ) {
          progress.step(from, destinations.length);
          int to = from + 1;
          while (to < destinations.length
              && (long) (to - from + 1) * heads * (destinations[to] + 1) <= AT_ONCE) {
            to++;
          }
          try (Scope block = Scope.open()) {
            block(joint, places(destinations, from, to), each);
          }
          from = to;
        }
      }
      progress.step(destinations.length, destinations.length);
    }

    private Cells places(int[] destinations, int from, int to) {
      long[] rows = new long[to - from];
      long[] positions = new long[to - from];
      for (int i = from; i < to; i++) {
        rows[i - from] = row;
        positions[i - from] = destinations[i];
      }
      return new Cells(rows, positions);
    }

    private void block(
        JointContributions joint, Cells cells, Consumer<DestinationAttribution> each) {
      int sources = (int) cells.position()[cells.size() - 1] + 1;
      SaeReading reading = SaeReading.of(sae, run.activations());
      Tensor vectors = cells.take(reading.came());
      float[] pre = sae.preActivations(vectors, feature).floats();
      float[] active = reading.activations(cells, feature);
      float[] sizes = sae.flatten(vectors).norm(-1).div(sae.divisor(vectors).reshape(-1)).floats();
      double reader = Readout.norm(sae.centeredReader(feature).floats());
      float[] values = joint.at(cells, sources).floats();
      int heads = run.config().heads();
      double constant = sae.constant(feature);
      for (int i = 0; i < cells.size(); i++) {
        if (active[i] <= above) {
          continue;
        }
        int destination = (int) cells.position()[i];
        Entries entries = new Entries(values, i * heads * sources, heads, sources, destination);
        double scale = sizes[i] * reader;
        each.accept(one(destination, pre[i], active[i], constant, scale, entries));
      }
    }

    private DestinationAttribution one(
        int destination,
        double pre,
        double active,
        double constant,
        double scale,
        Entries entries) {
      int layer = sae.location().layer();
      List<Entry> all = entries.split(split);
      all.sort(Comparator.comparingDouble((Entry e) -> Math.abs(e.value)).reversed());
      int count = 0;
      while (count < Math.min(keep.most, all.size())
          && Math.abs(all.get(count).value) >= keep.least) {
        count++;
      }
      Rows rows = new Rows(run, row, pre);
      Part part =
          switch (split) {
            case HEAD -> Part.HEAD;
            case SOURCE -> Part.SOURCE;
            case BOTH -> Part.HEAD_AT_SOURCE;
          };
      for (Entry entry : all.subList(0, count)) {
        rows.at(part, layer, entry.head, entry.source, entry.value);
      }
      if (count < all.size()) {
        double others = 0;
        for (Entry entry : all.subList(count, all.size())) {
          others += entry.value;
        }
        rows.add(Part.OTHERS, layer, others);
      }
      rows.add(Part.CONSTANT, layer, constant);
      String what = sae.address(feature) + " at " + destination;
      return new DestinationAttribution(
          destination,
          pre,
          active,
          Attribution.of(what, pre, rows.list(), scale),
          all.size() - count);
    }
  }

  /** A row before it is one; head and source are -1 where it is of all of them. */
  private record Entry(int head, int source, double value) {}

  /** Contributions {@code [head, source]} of one destination in an array. */
  private record Entries(float[] values, int from, int heads, int sources, int destination) {
    private double value(int head, int source) {
      return values[from + head * sources + source];
    }

    private List<Entry> split(Split split) {
      List<Entry> all = new ArrayList<>();
      switch (split) {
        case HEAD -> {
          for (int head = 0; head < heads; head++) {
            int h = head;
            double sum = IntStream.rangeClosed(0, destination).mapToDouble(s -> value(h, s)).sum();
            all.add(new Entry(head, -1, sum));
          }
        }
        case SOURCE -> {
          for (int source = 0; source <= destination; source++) {
            int s = source;
            double sum = IntStream.range(0, heads).mapToDouble(h -> value(h, s)).sum();
            all.add(new Entry(-1, source, sum));
          }
        }
        case BOTH -> {
          for (int head = 0; head < heads; head++) {
            for (int source = 0; source <= destination; source++) {
              all.add(new Entry(head, source, value(head, source)));
            }
          }
        }
      }
      return all;
    }
  }
}
