package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;
import org.zlens.engine.model.Window;
import org.zlens.engine.plan.Reach.Span;

/** Sorts interventions on the prompts of a chunk into passes that they share. */
final class Rounds {
  /** Positions of a pass that are enough for matrix products to run at full speed. */
  private static final int ENOUGH = 1024;

  /** Rows share a pass with others that are wider by this factor at most. */
  private static final double WIDER = 1.25;

  private final ModelConfig config;
  private final Set<Location> inForce;
  private final List<Span> reads;
  private final int positions;
  private final int firstPrompt;
  private final int prompts;
  private final Map<Shared, List<Row>> rows = new LinkedHashMap<>();

  /**
   * What interventions must have in common to share a pass.
   *
   * @param last the last block that runs
   * @param stays whether the block of the start runs at the touched positions only
   * @param split locations of inputs of single heads, which change how a block is computed
   */
  private record Shared(Start start, int last, boolean stays, Set<Location> split, boolean end) {}

  /** A prompt under an intervention. */
  private record Row(int intervention, Reach reach, int prompt, Span span) {}

  Rounds(
      ModelConfig config,
      Set<Location> inForce,
      List<Span> reads,
      int positions,
      int firstPrompt,
      int prompts) {
    this.config = config;
    this.inForce = inForce;
    this.reads = reads;
    this.positions = positions;
    this.firstPrompt = firstPrompt;
    this.prompts = prompts;
  }

  void add(int intervention, Reach reach, BitSet acting) {
    for (int prompt = firstPrompt; prompt < firstPrompt + prompts; prompt++) {
      Span touched = reach.touched().get(prompt);
      if (!touched.isNone() && acting.get(prompt)) {
        boolean matters = reach.together() || matters(reach, prompt);
        int last = matters ? config.layers() : reach.last();
        Span span = matters && moves(reach) ? touched.with(reads.get(prompt).last()) : touched;
        rows.computeIfAbsent(shared(reach, last), key -> new ArrayList<>())
            .add(new Row(intervention, reach, prompt, span));
      }
    }
  }

  private Shared shared(Reach reach, int last) {
    Set<Location> split =
        reach.locations().stream()
            .filter(at -> at.site().onDemand() || at.site().shortName().startsWith("ln"))
            .collect(Collectors.toSet());
    boolean editsEnd =
        reach.locations().stream()
            .anyMatch(at -> at.layer() == config.layers() - 1 || !at.site().inBlock());
    return new Shared(reach.start(), last, reach.stays(), split, editsEnd);
  }

  /** Whether other positions than those touched change. */
  private boolean moves(Reach reach) {
    return !reach.stays() || reach.start().layer() < config.layers() - 1;
  }

  /** Whether anything that is read can change. */
  private boolean matters(Reach reach, int prompt) {
    Span read = reads.get(prompt);
    if (read.isNone() || read.last() < reach.touched().get(prompt).first()) {
      return false;
    }
    return moves(reach) || read.first() <= reach.touched().get(prompt).last();
  }

  /**
   * The passes, so that interventions end in their order as far as may be.
   *
   * @param mostRows how many rows of a width fit into memory
   */
  List<Round> make(IntUnaryOperator mostRows) {
    List<Round> all = new ArrayList<>();
    rows.forEach(
        (shared, some) ->
            byWidth(shared, some).forEach(similar -> all.addAll(fill(shared, similar, mostRows))));
    all.sort(Comparator.comparingInt(Rounds::lastIntervention));
    return all;
  }

  private static int lastIntervention(Round round) {
    return round.lanes().get(round.lanes().size() - 1).intervention();
  }

  /** Rows of similar width together; interventions of several edits stay whole. */
  private List<List<Row>> byWidth(Shared shared, List<Row> some) {
    TreeMap<Integer, List<Row>> byWidth = new TreeMap<>(Comparator.reverseOrder());
    boolean whole = some.stream().anyMatch(row -> row.reach.together());
    if (whole) {
      return List.of(some);
    }
    some.forEach(row -> byWidth.computeIfAbsent(row.span.width(), w -> new ArrayList<>()).add(row));
    List<List<Row>> classes = new ArrayList<>();
    int widest = 0;
    for (Map.Entry<Integer, List<Row>> entry : byWidth.entrySet()) {
      if (classes.isEmpty() || entry.getKey() * WIDER < widest) {
        classes.add(new ArrayList<>());
        widest = entry.getKey();
      }
      classes.get(classes.size() - 1).addAll(entry.getValue());
    }
    classes.forEach(
        rows ->
            rows.sort(Comparator.comparingInt(Row::intervention).thenComparingInt(Row::prompt)));
    return classes;
  }

  private List<Round> fill(Shared shared, List<Row> some, IntUnaryOperator mostRows) {
    int width = some.stream().mapToInt(row -> row.span.width()).max().orElse(1);
    int most = mostRows.applyAsInt(width);
    int enough = Math.min(most, Math.max(1, ENOUGH / width));
    List<Round> made = new ArrayList<>();
    List<Row> open = new ArrayList<>();
    for (int from = 0; from < some.size(); ) {
      int to = from;
      while (to < some.size() && some.get(to).intervention == some.get(from).intervention) {
        to++;
      }
      to = from + Math.min(to - from, most);
      if (!open.isEmpty() && open.size() + to - from > enough) {
        made.add(round(shared, open));
        open = new ArrayList<>();
      }
      open.addAll(some.subList(from, to));
      from = to;
    }
    made.add(round(shared, open));
    return made;
  }

  // ---- windows

  private Round round(Shared shared, List<Row> some) {
    Window reached = window(some.stream().map(Row::span).toList(), some, null);
    List<Span> starts =
        some.stream()
            .map(
                row -> {
                  Span start = row.reach.atStart().get(row.prompt);
                  return start.isNone() ? new Span(row.span.first(), row.span.first()) : start;
                })
            .toList();
    boolean alone = shared.stays && shared.start.layer() >= config.layers() - 1;
    Window touched = shared.stays && !alone ? window(starts, some, reached) : reached;
    int cells = 0;
    List<Span> ends = new ArrayList<>();
    for (Row row : some) {
      Span read = reads.get(row.prompt);
      int first = Math.max(read.first(), row.span.first());
      int last = Math.min(read.last(), row.span.last());
      boolean none = shared.last < config.layers() || last < first;
      ends.add(none ? new Span(row.span.first(), row.span.first()) : new Span(first, last));
      cells += none ? 0 : last - first + 1;
    }
    boolean narrow =
        !alone
            && shared.last >= config.layers()
            && !shared.end
            && inForce.stream().noneMatch(at -> at.layer() == config.layers() - 1);
    Window read = narrow ? window(ends, some, reached) : reached;
    Rerun rerun = new Rerun(shared.start, touched, reached, read, shared.last);
    return new Round(rerun, lanes(some), cells);
  }

  /** The window of some positions of each row; within another unless that is null. */
  private Window window(List<Span> spans, List<Row> some, Window within) {
    int width = spans.stream().mapToInt(Span::width).max().orElse(1);
    if (within != null && width >= within.width()) {
      return within;
    }
    int[] rows = new int[spans.size()];
    int[] first = new int[spans.size()];
    for (int i = 0; i < rows.length; i++) {
      int end = within == null ? positions : within.first()[i] + within.width();
      rows[i] = some.get(i).prompt - firstPrompt;
      first[i] = Math.min(spans.get(i).first(), end - width);
    }
    return new Window(rows, first, width);
  }

  private List<Lane> lanes(List<Row> some) {
    List<Lane> lanes = new ArrayList<>();
    for (int from = 0; from < some.size(); ) {
      int to = from;
      while (to < some.size() && some.get(to).intervention == some.get(from).intervention) {
        to++;
      }
      int[] own = some.subList(from, to).stream().mapToInt(r -> r.prompt - firstPrompt).toArray();
      lanes.add(new Lane(some.get(from).intervention, own));
      from = to;
    }
    return lanes;
  }
}
