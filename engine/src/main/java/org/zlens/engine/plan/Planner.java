package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.FeatureAt;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Reads;
import org.zlens.engine.intervene.Together;
import org.zlens.engine.intervene.Touch;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;
import org.zlens.engine.plan.Reach.Span;

/** Derives the least work for interventions that are each tried alone on the same prompts. */
public final class Planner {
  /** Native calls that an intervention takes in a pass: its places, its edit, what it changed. */
  private static final double LANE_CALLS = 120;

  private final ModelConfig config;
  private final Batch batch;
  private final Reads reads;
  private final Set<Location> inForce;
  private final boolean windowed;
  private final long budget;
  private final ModelCost cost;
  private final Map<Where, List<Span>> spans = new IdentityHashMap<>();
  private final List<? extends Intervention> each;
  private final List<Reach> reaches = new ArrayList<>();
  private final Set<Location> kept = new LinkedHashSet<>();
  private final List<Span> readSpans;
  private final int mostCells;
  private final int chunk;

  /**
   * Finds what each intervention reaches.
   *
   * @param batch all prompts
   * @param reads what the metric reads of them
   * @param inForce what edits in force touch
   * @param windowed whether those find their places in windows too; if not, every intervention
   *     takes whole passes
   * @param budget most bytes for values of passes
   * @throws ZlensException of kind RUNTIME if the budget is too small for a single prompt
   */
  public Planner(
      ModelConfig config,
      Batch batch,
      Reads reads,
      List<Touch> inForce,
      boolean windowed,
      long budget,
      List<? extends Intervention> each) {
    this.config = config;
    this.batch = batch;
    this.reads = reads;
    this.inForce = new HashSet<>(inForce.stream().map(Touch::location).toList());
    this.windowed = windowed;
    this.budget = budget;
    this.each = each;
    this.cost = new ModelCost(config, batch.positions());
    this.readSpans = spans(reads.cells());
    this.mostCells = mostCells(reads.cells(), readSpans);
    for (Intervention intervention : each) {
      Reach reach = reach(intervention);
      reaches.add(reach);
      if (reach != null) {
        kept.addAll(Rerun.needs(reach.start(), config.layers(), config));
        intervention.mustBeActive().stream()
            .map(FeatureAt::sae)
            .forEach(sae -> kept.add(sae.location()));
      }
    }
    this.chunk = reaches.stream().allMatch(reach -> reach == null) ? batch.rows() : chunk();
  }

  // ---- what an intervention reaches

  /** Null where it has to run on whole batches, which also tells what is wrong with it. */
  private Reach reach(Intervention intervention) {
    List<Touch> touches = intervention.touches();
    if (!windowed || !intervention.windowed() || touches.isEmpty()) {
      return null;
    }
    int layers = config.layers();
    Start start = null;
    int last = -1;
    Set<Location> locations = new LinkedHashSet<>();
    for (Touch touch : touches) {
      if (touch.location().layer() >= layers || !config.has(touch.location().site())) {
        return null;
      }
      Start before = Start.before(touch.location(), layers);
      start = start == null || before.compareTo(start) < 0 ? before : start;
      last = Math.max(last, before.layer());
      locations.add(touch.location());
    }
    boolean stays = true;
    List<Span> all = new ArrayList<>();
    List<Span> atStart = new ArrayList<>();
    for (int prompt = 0; prompt < batch.rows(); prompt++) {
      all.add(Span.NONE);
      atStart.add(Span.NONE);
    }
    for (Touch touch : touches) {
      List<Span> here;
      try {
        here = spans(touch.where());
      } catch (ZlensException e) {
        return null;
      }
      join(all, here);
      if (Start.before(touch.location(), layers).layer() == start.layer()) {
        join(atStart, here);
        stays &= Start.staysAtItsPositions(touch.location());
      }
    }
    boolean together = intervention instanceof Together || locations.size() > 1;
    return new Reach(start(start), last, stays, together, locations, all, atStart);
  }

  /** Edits in force in the block of a start have it run from its beginning. */
  private Start start(Start start) {
    boolean edited = inForce.stream().anyMatch(at -> at.layer() == start.layer());
    return edited && start.layer() < config.layers() ? start.ofBlock() : start;
  }

  private static void join(List<Span> spans, List<Span> others) {
    for (int prompt = 0; prompt < spans.size(); prompt++) {
      Span other = others.get(prompt);
      if (!other.isNone()) {
        spans.set(prompt, spans.get(prompt).with(other.first()).with(other.last()));
      }
    }
  }

  private List<Span> spans(Where where) {
    return spans.computeIfAbsent(where, w -> spans(w.in(batch).listed(batch)));
  }

  private List<Span> spans(Cells cells) {
    Span[] found = new Span[batch.rows()];
    Arrays.fill(found, Span.NONE);
    for (int i = 0; i < cells.size(); i++) {
      int row = (int) cells.row()[i];
      found[row] = found[row].with((int) cells.position()[i]);
    }
    return List.of(found);
  }

  // ---- memory

  /** What the clean runs must keep, and the prompts of one run. */
  Set<Location> kept() {
    return kept;
  }

  int chunkSize() {
    return chunk;
  }

  /** Whether passes beside a clean run can try an intervention. */
  boolean isPlanned(int intervention) {
    return reaches.get(intervention) != null;
  }

  private long fixed() {
    Set<Location> read = new LinkedHashSet<>();
    each.forEach(intervention -> read.addAll(intervention.reads()));
    return batch.rows() * cost.kept(read);
  }

  /** Places that are read of a prompt, on average. */
  private double cellsOfPrompt() {
    return (double) reads.cells().size() / batch.rows();
  }

  /** Places that are read of the prompt of which most are, those between them among them. */
  private static int mostCells(Cells cells, List<Span> spans) {
    int[] counts = new int[spans.size()];
    for (long row : cells.row()) {
      counts[(int) row]++;
    }
    int most = 0;
    for (int prompt = 0; prompt < counts.length; prompt++) {
      most = Math.max(most, Math.max(counts[prompt], spans.get(prompt).width()));
    }
    return most;
  }

  private long rowBytes(int width) {
    long cells = Math.min(width, mostCells);
    return cost.working(width) + cost.logitBytes(cells, reads.columns());
  }

  /** What one prompt takes at least while its clean run is made. */
  private long promptBytes() {
    return cost.kept(kept) + cost.working() + cost.logitBytes(mostCells, reads.columns());
  }

  private int chunk() {
    long row = rowBytes(batch.positions());
    long least = fixed() + Math.max(promptBytes(), cost.kept(kept) + row);
    if (least > budget) {
      throw new ZlensException(
          Kind.RUNTIME,
          "one prompt of "
              + batch.positions()
              + " tokens needs "
              + Bytes.text(least)
              + " of memory, and "
              + Bytes.text(budget)
              + " are set",
          "allow more: set memory " + Bytes.atLeast(least));
    }
    long left = budget - fixed();
    long most = Math.min(left / promptBytes(), (left - row) / Math.max(1, cost.kept(kept)));
    return (int) Math.max(1, Math.min(batch.rows(), most));
  }

  private int mostRows(int chunkRows, int width) {
    long left = budget - fixed() - chunkRows * cost.kept(kept);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left / rowBytes(width)));
  }

  // ---- the plan

  /**
   * The plan where each intervention acts on some prompts.
   *
   * @param acting for each intervention the prompts in which it can change anything; the places
   *     that it touches are seen to here
   */
  public Plan plan(List<BitSet> acting) {
    List<Chunk> chunks = new ArrayList<>();
    Cost total = Cost.NONE;
    long bytes = 0;
    long tried = 0;
    for (int first = 0; first < batch.rows(); first += chunk) {
      int end = Math.min(batch.rows(), first + chunk);
      Rounds rounds = new Rounds(config, inForce, readSpans, batch.positions(), first, end - first);
      for (int i = 0; i < reaches.size(); i++) {
        if (reaches.get(i) != null) {
          rounds.add(i, reaches.get(i), acting.get(i));
        }
      }
      int size = end - first;
      List<Round> made = rounds.make(width -> mostRows(size, width));
      if (reaches.stream().anyMatch(reach -> reach != null)) {
        chunks.add(new Chunk(first, end, made));
        total =
            total
                .plus(cost.whole(size, config.layers()))
                .plus(cost.logits(size * cellsOfPrompt(), reads.columns()));
        bytes = Math.max(bytes, size * promptBytes());
      }
      for (Round round : made) {
        total =
            total.plus(cost.rerun(round.rerun())).plus(cost.logits(round.cells(), reads.columns()));
        long row = cost.working(round.rerun().reached().width());
        long logits = cost.logitBytes(round.cells(), reads.columns());
        bytes = Math.max(bytes, size * cost.kept(kept) + round.rows() * row + logits);
        tried += round.rows();
        total = total.plus(new Cost(0, 0, LANE_CALLS * round.lanes().size()));
      }
    }
    List<Integer> plainly = new ArrayList<>();
    for (int i = 0; i < reaches.size(); i++) {
      if (reaches.get(i) == null) {
        plainly.add(i);
        total = total.plus(plain());
        tried += batch.rows();
      }
    }
    EditCost edits = new EditCost(batch);
    for (Intervention intervention : each) {
      total = total.plus(edits.of(intervention));
    }
    if (!plainly.isEmpty()) {
      long all = batch.rows() * (cost.working() + cost.logitBytes(batch.positions(), 0) / 6);
      bytes = Math.max(bytes, all);
      total = total.plus(plain());
    }
    long pairs = (long) each.size() * batch.rows();
    return new Plan(chunks, kept, plainly, pairs, tried, reads.columns(), total, fixed() + bytes);
  }

  private Cost plain() {
    long cells = (long) batch.rows() * batch.positions();
    return cost.whole(batch.rows(), config.layers()).plus(cost.logits(cells, 0));
  }
}
