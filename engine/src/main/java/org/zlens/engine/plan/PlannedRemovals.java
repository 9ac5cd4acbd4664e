package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Claim;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.HookLanes;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.JointChange;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Touch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Window;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Removals that are each made alone in the same clean run, by little work: many go through the
 * blocks side by side, a row for each, which joins the others where it is made, takes earlier
 * positions from the clean run, and leaves where it is last looked at. What comes of it is what a
 * whole pass for each of them gives.
 */
public final class PlannedRemovals {
  /** What it takes to make numbers of what stands where a removal is looked at. */
  private static final double CALLS = 20;

  private final Transformer model;
  private final Batch batch;
  private final Activations clean;
  private final List<Removal> each;
  private final long budget;
  private final Standing standing;
  private final boolean windowed;
  private final ModelCost cost;

  /** Takes what stands at the places that a removal looks at. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes it.
     *
     * @param removal its number
     * @param vectors one for each read, in their order, heads joined: {@code [d]}
     */
    void take(int removal, float[][] vectors);
  }

  /**
   * Removals in a run; nothing runs yet.
   *
   * @param model with the edits under which the clean run was made
   * @param batch the prompts of that run
   * @param clean its values at {@link #needs}
   * @param budget most bytes for values of a pass, those of the clean run apart
   */
  public PlannedRemovals(
      Transformer model, Batch batch, Activations clean, List<Removal> each, long budget) {
    this.model = model;
    this.batch = batch;
    this.clean = clean;
    this.each = List.copyOf(each);
    this.budget = budget;
    InForce inForce = model.inForce();
    this.standing = inForce instanceof Standing known ? known : null;
    this.windowed = inForce == InForce.NOTHING || standing != null && standing.windowed();
    this.cost = new ModelCost(model.config(), batch.positions());
  }

  /** What the clean run must have kept for removals at a location, looked at up to a layer. */
  public static Set<Location> needs(Location location, int last, ModelConfig config) {
    Start start = start(location, config.layers());
    Set<Location> needs = new LinkedHashSet<>(Rerun.needs(start, last, config));
    // Where edits in force have it start earlier.
    needs.addAll(Rerun.needs(start.ofBlock(), last, config));
    return needs;
  }

  /** The MLP's output runs with its attention's, so that fewer values need be kept. */
  private static Start start(Location location, int layers) {
    Start start = Start.before(location, layers);
    return start.entry() == Start.Entry.MIDDLE
        ? new Start(start.layer(), Start.Entry.MIXED)
        : start;
  }

  /**
   * Makes them all; one that takes nothing away, or looks at nothing, is not made and takes the
   * vectors of the clean run nowhere.
   *
   * @param progress hears of each step, in removals that are done
   * @throws ZlensException of kind RUNTIME if the budget is too small for a single removal
   */
  public void run(Progress progress, Taker taker) {
    if (!windowed) {
      plainly(progress, taker);
      return;
    }
    List<RemovalWave> waves = waves();
    long total = waves.stream().mapToLong(RemovalWave::rows).sum();
    long done = 0;
    for (RemovalWave wave : waves) {
      done = run(wave, taker, done, total, progress);
    }
    progress.step(done, total);
  }

  /**
   * What {@link #run} would do.
   *
   * @param removals that are made
   * @param steps that they share, of a block each
   * @param cost of all of them
   * @param bytes most memory at a time, the clean run apart
   */
  public record Work(long removals, int steps, Cost cost, long bytes) {}

  /** What {@link #run} would do; nothing runs. */
  public Work work() {
    if (!windowed) {
      long made = each.stream().filter(one -> !one.isNothing() && !one.reads().isEmpty()).count();
      Cost all = cost.whole(batch.rows(), model.config().layers()).times(made);
      return new Work(made, (int) made, all, batch.rows() * cost.working());
    }
    Cost all = Cost.NONE;
    long bytes = 0;
    long removals = 0;
    int steps = 0;
    for (RemovalWave wave : waves()) {
      long held = 0;
      for (RemovalLane lane : wave.lanes()) {
        held += lane.removals().size() * cost.working(lane.width());
      }
      bytes = Math.max(bytes, held);
      for (RemovalStep step : wave.steps(model.config().layers(), this::mostRows)) {
        all = all.plus(cost(step));
        steps++;
      }
      removals += wave.rows();
    }
    return new Work(removals, steps, all.plus(new Cost(0, 0, CALLS * removals)), bytes);
  }

  private Cost cost(RemovalStep step) {
    if (step instanceof RemovalStep.Begin begin) {
      return cost.begin(begin.rerun());
    }
    if (step instanceof RemovalStep.Block block) {
      return cost.block(block.window(), block.stop());
    }
    return cost.norm(((RemovalStep.Norm) step).window());
  }

  private List<RemovalWave> waves() {
    int layers = model.config().layers();
    Set<Integer> edited =
        standing == null
            ? Set.of()
            : standing.touches().stream()
                .map(Touch::location)
                .map(Location::layer)
                .collect(Collectors.toSet());
    return new RemovalLanes(
            layers,
            each,
            at -> {
              Start start = start(at, layers);
              // Edits in force in the block of a start have it run from its beginning.
              return edited.contains(start.layer()) ? start.ofBlock() : start;
            })
        .waves(this::mostRows);
  }

  private int mostRows(int width) {
    long row = cost.working(width);
    if (row > budget) {
      throw new ZlensException(
          Kind.RUNTIME,
          "a removal that is followed over "
              + width
              + " tokens needs "
              + Bytes.text(row)
              + " of memory, and "
              + Bytes.text(budget)
              + " are set",
          "allow more: set memory " + Bytes.atLeast(row));
    }
    return (int) Math.min(Integer.MAX_VALUE, budget / row);
  }

  /**
   * Takes the lanes of a wave through the blocks.
   *
   * @return how many removals are done with those of the wave
   */
  private long run(RemovalWave wave, Taker taker, long before, long total, Progress progress) {
    long done = before;
    int layers = model.config().layers();
    List<HookRun> hooks = wave.lanes().stream().map(this::hooks).toList();
    Tensor[] streams = new Tensor[hooks.size()];
    try (Scope scope = Scope.open()) {
      for (RemovalStep step : wave.steps(layers, this::mostRows)) {
        progress.step(done, total);
        try (Scope inner = Scope.open()) {
          HookLanes lanes =
              new HookLanes(
                  step.lanes().stream().map(hooks::get).toList(),
                  step.lanes().stream()
                      .mapToInt(i -> wave.lanes().get(i).removals().size())
                      .toArray());
          Tensor after = after(step, lanes, streams);
          lanes.keepIn(inner);
          int from = 0;
          for (int i : step.lanes()) {
            RemovalLane lane = wave.lanes().get(i);
            int to = from + lane.removals().size();
            if (lane.endsWith(step, layers)) {
              take(lane, hooks.get(i).finish(null), taker);
              done += lane.removals().size();
            } else {
              streams[i] = inner.keep(after.slice(0, from, to));
            }
            from = to;
          }
        }
      }
    }
    return done;
  }

  /** What a step makes of the streams of its lanes. */
  private Tensor after(RemovalStep step, HookLanes hooks, Tensor[] streams) {
    if (step instanceof RemovalStep.Begin begin) {
      Window touched = begin.rerun().touched();
      Tensor tokens = batch.window(touched.rows(), touched.first(), touched.width()).tokens();
      return model.begin(begin.rerun(), tokens, clean, hooks);
    }
    List<Tensor> some = step.lanes().stream().map(i -> streams[i]).toList();
    Tensor resid = some.size() == 1 ? some.get(0) : Tensor.cat(some, 0);
    return step instanceof RemovalStep.Block block
        ? model.block(block.layer(), block.window(), resid, clean, block.stop(), hooks)
        : model.finalNorm(resid, hooks);
  }

  private HookRun hooks(RemovalLane lane) {
    Location[] read =
        lane.removals().stream()
            .flatMap(removal -> each.get(removal).reads().stream())
            .map(Removal.Read::location)
            .distinct()
            .toArray(Location[]::new);
    int[] first = lane.rerun().at(lane.location(), model.config().layers()).first();
    Hooks hooks = Hooks.none().capture(read).edit(edit(lane, first));
    return new HookRun(inForce(lane.rerun()), hooks);
  }

  private List<Edit> inForce(Rerun rerun) {
    List<Edit> edits = new ArrayList<>();
    if (standing != null) {
      Set<Window> windows = Collections.newSetFromMap(new IdentityHashMap<>());
      windows.addAll(List.of(rerun.touched(), rerun.reached()));
      for (Window window : windows) {
        Batch some = batch.window(window.rows(), window.first(), window.width());
        standing.windowEdits(some).stream()
            .map(Standing.WindowEdit::edit)
            .filter(edit -> rerun.at(edit.location(), model.config().layers()) == window)
            .forEach(edits::add);
      }
    }
    return edits;
  }

  /** Takes the vectors of all rows away. */
  private Edit edit(RemovalLane lane, int[] first) {
    List<Removal> removals = lane.removals().stream().map(each::get).toList();
    long[] row = new long[first.length];
    long[] column = new long[first.length];
    for (int i = 0; i < first.length; i++) {
      row[i] = i;
      column[i] = removals.get(i).position() - first[i];
    }
    List<float[]> vectors = removals.stream().map(Removal::vector).toList();
    return edit(lane.location(), new Cells(row, column), vectors);
  }

  private static Edit edit(Location location, Cells cells, List<float[]> vectors) {
    int width = vectors.get(0).length;
    float[] all = new float[vectors.size() * width];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * width, width);
    }
    return new Edit(
        location,
        "remove " + vectors.size() + " vectors",
        Edit.Effect.MUST_CHANGE,
        values -> {
          Tensor some = cells.take(values);
          return cells.put(values, some.sub(Tensor.of(all, some.shape())));
        },
        Claim.at(location.site(), cells.row(), cells.position()));
  }

  private void take(RemovalLane lane, Activations run, Taker taker) {
    int layers = model.config().layers();
    float[][][] found = new float[lane.removals().size()][][];
    Map<Location, List<long[]>> places = new LinkedHashMap<>();
    for (int row = 0; row < found.length; row++) {
      List<Removal.Read> reads = each.get(lane.removals().get(row)).reads();
      found[row] = new float[reads.size()][];
      for (int i = 0; i < reads.size(); i++) {
        int first = lane.rerun().at(reads.get(i).location(), layers).first()[row];
        places
            .computeIfAbsent(reads.get(i).location(), at -> new ArrayList<>())
            .add(new long[] {row, reads.get(i).position() - first, i});
      }
    }
    places.forEach(
        (location, some) -> {
          float[][] vectors = vectors(run, location, some);
          for (int i = 0; i < vectors.length; i++) {
            found[(int) some.get(i)[0]][(int) some.get(i)[2]] = vectors[i];
          }
        });
    for (int row = 0; row < found.length; row++) {
      taker.take(lane.removals().get(row), found[row]);
    }
  }

  /** Vectors at places {@code {row, column, ..}}, as they came to edits that put an SAE there. */
  private static float[][] vectors(Activations run, Location location, List<long[]> places) {
    Cells cells =
        new Cells(
            places.stream().mapToLong(place -> place[0]).toArray(),
            places.stream().mapToLong(place -> place[1]).toArray());
    Tensor values = run.joint(location).map(JointChange.Left::came).orElse(run.get(location));
    float[] flat = cells.take(values).floats();
    int width = flat.length / places.size();
    float[][] vectors = new float[places.size()][width];
    for (int i = 0; i < vectors.length; i++) {
      System.arraycopy(flat, i * width, vectors[i], 0, width);
    }
    return vectors;
  }

  // ---- where edits in force find their places in whole batches alone

  private void plainly(Progress progress, Taker taker) {
    for (int i = 0; i < each.size(); i++) {
      progress.step(i, each.size());
      Removal removal = each.get(i);
      if (!removal.isNothing() && !removal.reads().isEmpty()) {
        try (Scope scope = Scope.open()) {
          taker.take(i, plainly(removal));
        }
      }
    }
  }

  private float[][] plainly(Removal removal) {
    Location[] read =
        removal.reads().stream().map(Removal.Read::location).distinct().toArray(Location[]::new);
    Cells cell = new Cells(new long[] {removal.row()}, new long[] {removal.position()});
    Edit edit = edit(removal.location(), cell, List.of(removal.vector()));
    Hooks hooks = Hooks.none().capture(read).edit(edit).withoutLogits();
    Activations run = model.forward(batch.tokens(), hooks);
    return removal.reads().stream()
        .map(
            one ->
                vectors(run, one.location(), List.of(new long[] {removal.row(), one.position()}))[
                    0])
        .toArray(float[][]::new);
  }
}
