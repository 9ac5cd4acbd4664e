package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Rerun.Stop;
import org.zlens.engine.model.Start;
import org.zlens.engine.model.Window;

/** Sorts removals into lanes, and these into waves that fit into memory. */
final class RemovalLanes {
  /**
   * Positions whose work a step takes beside that of its own: to load its weights and to make its
   * calls.
   */
  private static final int STEP = 16;

  /** Positions of a wave beyond which its steps get no larger; what is done before stays. */
  private static final int WAVE = 8192;

  /** Share of a block's work that comes before its attention has mixed. */
  private static final double MIXING = 0.25;

  private final int layers;
  private final List<Removal> each;
  private final Function<Location, Start> start;

  /** How far a lane goes. */
  private record End(int last, Stop stop) implements Comparable<End> {
    @Override
    public int compareTo(End other) {
      int order = Integer.compare(last, other.last);
      return order != 0 ? order : stop.compareTo(other.stop);
    }
  }

  private record Row(int removal, int first, int width, End end) {}

  /** What the removals of a lane have in common. */
  private record Shared(Location location, End end, int width) {}

  /**
   * Removals that change something are sorted, the others left out.
   *
   * @param start where removals at a location have to start
   */
  RemovalLanes(int layers, List<Removal> each, Function<Location, Start> start) {
    this.layers = layers;
    this.each = each;
    this.start = start;
  }

  /**
   * The waves.
   *
   * @param mostRows how many rows of a width fit into memory
   */
  List<RemovalWave> waves(IntUnaryOperator mostRows) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      Removal removal = each.get(i);
      if (!removal.reads().isEmpty() && !removal.isNothing()) {
        int width = removal.last() - removal.position() + 1;
        rows.add(new Row(i, removal.position(), width, end(removal)));
      }
    }
    int[] padded = padded(rows);
    // Widths side by side, so that few of them are in a wave.
    rows.sort(Comparator.comparingInt((Row row) -> padded[row.width]).reversed());
    List<RemovalWave> waves = new ArrayList<>();
    int from = 0;
    double share = 0;
    int cells = 0;
    for (int to = 0; to < rows.size(); to++) {
      int width = padded[rows.get(to).width];
      double own = 1.0 / mostRows.applyAsInt(width);
      if (to > from && (share + own > 1 || cells + width > WAVE)) {
        waves.add(new RemovalWave(lanes(rows.subList(from, to), padded)));
        from = to;
        share = 0;
        cells = 0;
      }
      share += own;
      cells += width;
    }
    if (from < rows.size()) {
      waves.add(new RemovalWave(lanes(rows.subList(from, rows.size()), padded)));
    }
    return waves;
  }

  /** The width that rows of each width are filled up to, so that all take the least work. */
  private int[] padded(List<Row> rows) {
    int widest = rows.stream().mapToInt(Row::width).max().orElse(0);
    double[] blocks = new double[widest + 1];
    rows.forEach(row -> blocks[row.width] += blocks(row));
    // The work of all rows up to a width, if the widest class of them ends there.
    double[] least = new double[widest + 1];
    int[] below = new int[widest + 1];
    for (int width = 1; width <= widest; width++) {
      least[width] = Double.POSITIVE_INFINITY;
      double own = 0;
      for (int narrower = width - 1; narrower >= 0; narrower--) {
        own += blocks[narrower + 1];
        double work = least[narrower] + own * width + (own > 0 ? STEP * layers : 0);
        if (work < least[width]) {
          least[width] = work;
          below[width] = narrower;
        }
      }
    }
    int[] padded = new int[widest + 1];
    for (int width = widest; width > 0; width = below[width]) {
      Arrays.fill(padded, below[width] + 1, width + 1, width);
    }
    return padded;
  }

  /** How many blocks a row runs, the parts of one that it begins or ends with as parts. */
  private double blocks(Row row) {
    Start begun = start.apply(each.get(row.removal).location());
    double last =
        switch (row.end.stop) {
          case STREAM -> 0;
          case MIXED -> MIXING;
          case NONE -> 1;
        };
    double first = begun.entry() == Start.Entry.BLOCK ? 0 : MIXING;
    return Math.max(MIXING, row.end.last - begun.layer() + last - first);
  }

  private List<RemovalLane> lanes(List<Row> rows, int[] padded) {
    Map<Shared, List<Row>> lanes = new LinkedHashMap<>();
    for (Row row : rows) {
      Location at = each.get(row.removal).location();
      lanes
          .computeIfAbsent(new Shared(at, row.end, padded[row.width]), shared -> new ArrayList<>())
          .add(row);
    }
    return lanes.entrySet().stream().map(one -> lane(one.getKey(), one.getValue())).toList();
  }

  private RemovalLane lane(Shared shared, List<Row> rows) {
    Start begun = start.apply(shared.location);
    int[] prompts = rows.stream().mapToInt(row -> each.get(row.removal).row()).toArray();
    List<Integer> removals = rows.stream().map(Row::removal).toList();
    int[] first = rows.stream().mapToInt(Row::first).toArray();
    Window reached = new Window(prompts, fitting(rows, shared.width), shared.width);
    // The last block computes its queries where its keys are, and has no other after it.
    boolean stays =
        begun.layer() < layers - 1
            && rows.stream().allMatch(row -> stays(each.get(row.removal), begun.layer()));
    Window touched = stays && shared.width > 1 ? new Window(prompts, first, 1) : reached;
    Rerun rerun = new Rerun(begun, touched, reached, reached, shared.end.last, shared.end.stop);
    return new RemovalLane(shared.location, rerun, removals);
  }

  /** Whether nothing that is looked at in the block of the start lies elsewhere. */
  private static boolean stays(Removal removal, int layer) {
    return Start.staysAtItsPositions(removal.location())
        && removal.reads().stream()
            .allMatch(
                read -> read.position() == removal.position() || read.location().layer() != layer);
  }

  /** First positions such that so many fit into each prompt. */
  private static int[] fitting(List<Row> rows, int width) {
    // A row that is narrower than others is filled up to the right, or to the left at the end.
    int last = rows.stream().mapToInt(row -> row.first + row.width).max().orElse(width);
    int end = Math.max(last, width);
    return rows.stream().mapToInt(row -> Math.min(row.first, end - width)).toArray();
  }

  private End end(Removal removal) {
    return IntStream.range(0, removal.reads().size())
        .mapToObj(i -> end(removal.reads().get(i).location()))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private End end(Location read) {
    if (read.layer() < 0) {
      return new End(layers, Stop.NONE);
    }
    Stop stop =
        read.site() == Site.RESID_PRE
            ? Stop.STREAM
            : read.site().ordinal() <= Site.Z.ordinal() ? Stop.MIXED : Stop.NONE;
    return new End(read.layer(), stop);
  }
}
