package org.zlens.engine.plan;

import java.util.ArrayList;
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

/**
 * Sorts removals into passes that they share, a row for each: those at one location that go about
 * as far and are about as wide.
 */
final class RemovalPasses {
  /** Positions of a pass beyond which matrix products run no faster. */
  private static final int ENOUGH = 1024;

  /** Positions whose work a block of a pass takes beside that of its own, to load its weights. */
  private static final int BLOCK = 12;

  /** The same of a pass, however many blocks it has. */
  private static final int PASS = 10;

  /** Share of a block's work that comes before its attention has mixed. */
  private static final double MIXING = 0.25;

  private final int layers;
  private final List<Removal> each;

  /**
   * A pass.
   *
   * @param location of all its removals, so that nothing is looked at where something is removed
   * @param rerun its rows are the removals in their order
   */
  record Pass(Location location, Rerun rerun, List<Integer> removals) {}

  /** How far a pass goes. */
  private record End(int last, Stop stop) implements Comparable<End> {
    @Override
    public int compareTo(End other) {
      int order = Integer.compare(last, other.last);
      return order != 0 ? order : stop.compareTo(other.stop);
    }
  }

  private record Row(int removal, int first, int width, End end) {}

  RemovalPasses(int layers, List<Removal> each) {
    this.layers = layers;
    this.each = each;
  }

  /**
   * The passes for removals that change something.
   *
   * @param start where removals at a location have to start
   * @param mostRows how many rows of a width fit into memory
   */
  List<Pass> make(Function<Location, Start> start, IntUnaryOperator mostRows) {
    Map<Location, List<Row>> byLocation = new LinkedHashMap<>();
    for (int i = 0; i < each.size(); i++) {
      Removal removal = each.get(i);
      if (!removal.reads().isEmpty() && !removal.isNothing()) {
        int width = removal.last() - removal.position() + 1;
        byLocation
            .computeIfAbsent(removal.location(), at -> new ArrayList<>())
            .add(new Row(i, removal.position(), width, end(removal)));
      }
    }
    List<Pass> passes = new ArrayList<>();
    byLocation.forEach((at, rows) -> fill(at, start.apply(at), rows, mostRows, passes));
    return passes;
  }

  /** Cuts the rows of a location, the farthest and widest first, where that is least work. */
  private void fill(
      Location at, Start start, List<Row> rows, IntUnaryOperator mostRows, List<Pass> passes) {
    rows.sort(
        Comparator.comparing(Row::end)
            .thenComparing(Row::width)
            .reversed()
            .thenComparing(Row::removal));
    int count = rows.size();
    double[] least = new double[count + 1];
    int[] next = new int[count];
    for (int first = count - 1; first >= 0; first--) {
      least[first] = Double.POSITIVE_INFINITY;
      double blocks = blocks(start, rows.get(first).end);
      int widest = 0;
      for (int after = first + 1; after <= count; after++) {
        widest = Math.max(widest, rows.get(after - 1).width);
        int size = after - first;
        int most = Math.min(mostRows.applyAsInt(widest), ENOUGH / widest);
        if (size > Math.max(1, most)) {
          break;
        }
        double work = PASS + blocks * (BLOCK + size * widest) + least[after];
        if (work < least[first]) {
          least[first] = work;
          next[first] = after;
        }
      }
    }
    for (int first = 0; first < count; first = next[first]) {
      List<Row> some = rows.subList(first, next[first]);
      int widest = some.stream().mapToInt(Row::width).max().orElseThrow();
      passes.add(pass(at, start, some, widest));
    }
  }

  /** How many blocks a pass runs, the parts of one that it begins or ends with as parts. */
  private static double blocks(Start start, End end) {
    double last =
        switch (end.stop) {
          case STREAM -> 0;
          case MIXED -> MIXING;
          case NONE -> 1;
        };
    double begun = start.entry() == Start.Entry.BLOCK ? 0 : MIXING;
    return Math.max(MIXING, end.last - start.layer() + last - begun);
  }

  private Pass pass(Location at, Start start, List<Row> rows, int widest) {
    int[] prompts = rows.stream().mapToInt(row -> each.get(row.removal).row()).toArray();
    List<Integer> removals = rows.stream().map(Row::removal).toList();
    int[] first = rows.stream().mapToInt(Row::first).toArray();
    Window reached = new Window(prompts, fitting(rows, widest), widest);
    End end = rows.get(0).end;
    // The last block computes its queries where its keys are, and has no other after it.
    boolean stays =
        start.layer() < layers - 1
            && rows.stream().allMatch(row -> stays(each.get(row.removal), start.layer()));
    Window touched = stays && widest > 1 ? new Window(prompts, first, 1) : reached;
    Rerun rerun = new Rerun(start, touched, reached, reached, end.last, end.stop);
    return new Pass(at, rerun, removals);
  }

  /** Whether nothing that is looked at in the block of the start lies elsewhere. */
  private static boolean stays(Removal removal, int layer) {
    return Start.staysAtItsPositions(removal.location())
        && removal.reads().stream()
            .allMatch(
                read -> read.position() == removal.position() || read.location().layer() != layer);
  }

  /** First positions such that so many fit into each prompt. */
  private int[] fitting(List<Row> rows, int widest) {
    // A row that is narrower than others is filled up to the right, or to the left at the end.
    int last = rows.stream().mapToInt(row -> row.first + row.width).max().orElse(widest);
    return rows.stream().mapToInt(row -> Math.min(row.first, last - widest)).toArray();
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
