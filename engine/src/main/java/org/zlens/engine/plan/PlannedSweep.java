package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.HookLanes;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Experiment;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Outcome;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Together;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Window;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Interventions that are each tried alone on the same prompts, by the least work that a {@link
 * Planner} finds. What comes of it is what a pass for each of them gives, errors among it: where
 * anything does not go as planned, such a pass is made.
 */
public final class PlannedSweep {
  /** A change that is no larger may come from the order in which numbers were added. */
  private static final double NOISE = 1e-4;

  private final Transformer model;
  private final Batch batch;
  private final Metric metric;
  private final List<? extends Intervention> each;
  private final Standing standing;
  private final Planner planner;
  private final double[] clean;
  private final double[][] effects;
  private final int[] left;
  private final int[] lanes;
  private final List<double[]> changes = new ArrayList<>();
  private final List<int[]> places = new ArrayList<>();
  private final List<boolean[]> musts = new ArrayList<>();
  private Activations read;
  private final boolean[] told;
  private final double[] alone;
  private List<Firing> fired = List.of();
  private int unplanned;
  private int broken;

  /** Takes what an intervention did, once all prompts are done. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes it.
     *
     * @param effects changed minus clean for each prompt
     * @param change Euclidean norm of what its edits changed at their sites
     */
    void take(int intervention, double[] effects, double change);
  }

  /**
   * The clean metric and that under several interventions together, by the least work.
   *
   * @param budget most bytes for values of passes, model and SAEs apart
   * @throws ZlensException if an intervention does not act where it must, or the budget is too
   *     small for a single prompt
   */
  public static Outcome measure(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> together,
      long budget) {
    Intervention one = Together.of(together);
    PlannedSweep sweep = new PlannedSweep(model, batch, metric, List.of(one), budget);
    double[][] found = new double[1][];
    sweep.run(() -> {}, (number, effects, change) -> found[number] = effects);
    double[] changed = new double[batch.rows()];
    Arrays.setAll(changed, row -> sweep.clean[row] + found[0][row]);
    return new Outcome(one.name(), metric.name(), sweep.clean(), changed, sweep.fired);
  }

  /**
   * Finds what the interventions reach; nothing runs yet.
   *
   * @param budget most bytes for values of passes, model and SAEs apart
   * @throws ZlensException if a place that the metric reads does not exist, or the budget is too
   *     small for a single prompt
   */
  public PlannedSweep(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      long budget) {
    this.model = model;
    this.batch = batch;
    this.metric = metric;
    this.each = each;
    InForce inForce = model.inForce();
    this.standing = inForce instanceof Standing known ? known : null;
    boolean windowed = inForce == InForce.NOTHING || standing != null && standing.windowed();
    this.planner =
        new Planner(
            model.config(),
            batch,
            metric.reads(batch),
            standing == null ? List.of() : standing.touches(),
            windowed,
            budget,
            each);
    this.clean = new double[batch.rows()];
    this.effects = new double[each.size()][batch.rows()];
    this.left = new int[each.size()];
    this.lanes = new int[each.size()];
    this.told = new boolean[each.size()];
    this.alone = new double[each.size()];
    for (int i = 0; i < each.size(); i++) {
      changes.add(null);
      places.add(null);
      musts.add(null);
    }
  }

  /** The plan, for which the model runs as far as it takes to know which features are active. */
  public Plan plan() {
    try (Scope scope = Scope.open()) {
      Activity activity = new Activity(each, batch);
      survey(activity, false);
      return planner.plan(activity.acting());
    }
  }

  /** The metric of the clean run for each prompt, once the sweep is over. */
  public double[] clean() {
    return clean.clone();
  }

  /** How many interventions took a pass of their own although that was not planned. */
  int unplanned() {
    return unplanned;
  }

  /** How many shared passes went wrong although nothing is wrong with what they tried. */
  int broken() {
    return broken;
  }

  /**
   * Runs everything.
   *
   * @param ready is called once nothing that the clean run can tell stands against it
   * @return the plan that was followed
   * @throws ZlensException if an intervention does not act where it must
   */
  public Plan run(Runnable ready, Taker taker) {
    try (Scope scope = Scope.open()) {
      Activity activity = new Activity(each, batch);
      boolean whole = planner.chunkSize() >= batch.rows() && anyPlanned();
      CleanPass all = null;
      if (whole) {
        Set<Location> kept = new LinkedHashSet<>(planner.kept());
        kept.addAll(activity.sites());
        kept.addAll(reads());
        all = new CleanPass(model, batch, metric, kept);
        activity.see(batch, all.activations());
        read = all.activations();
      } else {
        survey(activity, true);
      }
      // What is wrong with them, a pass of their own says best.
      activity.idle().forEach(this::runPlainly);
      Plan plan = planner.plan(activity.acting());
      ready.run();
      runPlainly(plan, taker);
      count(plan);
      for (int i = 0; i < each.size(); i++) {
        if (planner.isPlanned(i) && lanes[i] == 0) {
          finish(i, taker);
        }
      }
      for (Chunk chunk : plan.chunks()) {
        try (Scope inner = Scope.open()) {
          CleanPass pass = whole ? all : clean(chunk);
          System.arraycopy(pass.score(), 0, clean, chunk.first(), chunk.size());
          for (Round round : chunk.rounds()) {
            run(round, chunk.first(), pass);
            finish(round, taker);
          }
        }
      }
      return plan;
    }
  }

  private static double norm(List<Firing> firings) {
    return Math.sqrt(firings.stream().mapToDouble(one -> one.change() * one.change()).sum());
  }

  private boolean anyPlanned() {
    return IntStream.range(0, each.size()).anyMatch(planner::isPlanned);
  }

  private Set<Location> reads() {
    Set<Location> reads = new LinkedHashSet<>();
    each.forEach(intervention -> reads.addAll(intervention.reads()));
    return reads;
  }

  // ---- clean runs

  /** Looks through all prompts, chunk by chunk, and no further than it takes. */
  private void survey(Activity activity, boolean keepsReads) {
    Set<Location> sites = new LinkedHashSet<>(activity.sites());
    Set<Location> reads = keepsReads && anyPlanned() ? reads() : Set.of();
    sites.addAll(reads);
    if (sites.isEmpty()) {
      return;
    }
    Map<Location, List<Tensor>> parts = new LinkedHashMap<>();
    for (int first = 0; first < batch.rows(); first += planner.chunkSize()) {
      int end = Math.min(batch.rows(), first + planner.chunkSize());
      try (Scope scope = Scope.open()) {
        Batch some = chunk(first, end);
        Hooks hooks = Hooks.none().capture(sites.toArray(Location[]::new)).withoutLogits();
        Activations pass = model.forward(some.tokens(), hooks);
        activity.see(some, pass);
        for (Location at : reads) {
          parts.computeIfAbsent(at, key -> new ArrayList<>()).add(scope.keep(pass.get(at)));
        }
      }
    }
    Map<Location, Tensor> joined = new LinkedHashMap<>();
    parts.forEach(
        (at, some) -> joined.put(at, some.size() == 1 ? some.get(0) : Tensor.cat(some, 0)));
    read = Activations.of(joined);
  }

  private Batch chunk(int first, int end) {
    if (end - first == batch.rows()) {
      return batch;
    }
    int[] rows = IntStream.range(first, end).toArray();
    Batch some = batch.window(rows, new int[rows.length], batch.positions());
    return standing == null ? some : standing.admit(some);
  }

  private CleanPass clean(Chunk chunk) {
    return new CleanPass(model, chunk(chunk.first(), chunk.end()), metric, planner.kept());
  }

  // ---- passes

  private void runPlainly(Plan plan, Taker taker) {
    List<? extends Intervention> some = plan.plainly().stream().map(each::get).toList();
    if (some.isEmpty()) {
      return;
    }
    try (Experiment experiment = new Experiment(model, batch, metric, some)) {
      System.arraycopy(experiment.clean(), 0, clean, 0, clean.length);
      for (int number : plan.plainly()) {
        Outcome outcome = experiment.run(each.get(number));
        fired = outcome.firings();
        taker.take(number, outcome.effects(), norm(fired));
      }
    }
  }

  /** The effects of one intervention by a pass of its own, or what is wrong with it. */
  private void runPlainly(int intervention) {
    unplanned++;
    told[intervention] = true;
    Outcome outcome = Experiment.measure(model, batch, metric, List.of(each.get(intervention)));
    fired = outcome.firings();
    alone[intervention] = norm(fired);
    effects[intervention] = outcome.effects();
  }

  private void count(Plan plan) {
    for (Round round : plan.rounds()) {
      for (Lane lane : round.lanes()) {
        left[lane.intervention()]++;
      }
    }
    System.arraycopy(left, 0, lanes, 0, left.length);
  }

  private void run(Round round, int first, CleanPass pass) {
    try {
      shared(round, first, pass);
    } catch (ZlensException e) {
      if (e.kind() == Kind.INTERRUPTED) {
        throw e;
      }
      alone(round);
    } catch (IllegalArgumentException e) {
      alone(round);
    }
  }

  /** What goes wrong in a shared pass is told by one of its interventions alone. */
  private void alone(Round round) {
    for (Lane lane : round.lanes()) {
      if (!told[lane.intervention()]) {
        runPlainly(lane.intervention());
      }
    }
    broken++;
  }

  private void shared(Round round, int first, CleanPass pass) {
    int layers = model.config().layers();
    Rerun rerun = round.rerun();
    try (Scope scope = Scope.open()) {
      List<LaneRun> runs = new ArrayList<>();
      int[] sizes = new int[round.lanes().size()];
      int from = 0;
      for (int i = 0; i < sizes.length; i++) {
        Lane lane = round.lanes().get(i);
        sizes[i] = lane.rows().length;
        runs.add(
            new LaneRun(
                each.get(lane.intervention()),
                lane,
                from,
                rerun,
                layers,
                pass.chunk(),
                read,
                standing,
                lanes[lane.intervention()] == 1
                    ? Edit.Effect.MUST_CHANGE
                    : Edit.Effect.MAY_CHANGE));
        from += sizes[i];
      }
      HookLanes hooks = new HookLanes(runs.stream().map(LaneRun::hooks).toList(), sizes);
      Window touched = rerun.touched();
      Tensor tokens =
          pass.chunk().window(touched.rows(), touched.first(), touched.width()).tokens();
      Tensor end = model.rerun(rerun, tokens, pass.activations(), hooks);
      List<List<Firing>> fired = hooks.finish();
      for (int i = 0; i < sizes.length; i++) {
        int intervention = round.lanes().get(i).intervention();
        note(intervention, runs.get(i), fired.get(i));
      }
      if (rerun.last() >= layers) {
        measure(round, first, pass, end);
      }
    }
  }

  /** Notes what an intervention's edits changed in a lane, against what they owe in all. */
  private void note(int intervention, LaneRun run, List<Firing> fired) {
    if (musts.get(intervention) == null) {
      musts.set(intervention, lanes[intervention] == 1 ? run.must() : must(intervention));
      changes.set(intervention, new double[musts.get(intervention).length]);
      places.set(intervention, new int[musts.get(intervention).length]);
    }
    run.add(fired, changes.get(intervention), places.get(intervention));
  }

  private boolean[] must(int intervention) {
    try (Scope scope = Scope.open()) {
      List<Edit> edits = each.get(intervention).edits(read, batch, Edit.Effect.MUST_CHANGE);
      boolean[] must = new boolean[edits.size()];
      for (int i = 0; i < must.length; i++) {
        must[i] = edits.get(i).effect() == Edit.Effect.MUST_CHANGE;
      }
      return must;
    }
  }

  private void measure(Round round, int first, CleanPass pass, Tensor end) {
    Window window = round.rerun().end(model.config().layers());
    int[] rows = window.rows();
    Batch some = pass.chunk().select(rows);
    WindowVectors vectors = new WindowVectors(window, end, pass);
    Tensor reading = metric.read(some, new StreamPredictions(model, vectors::take));
    long[] picked = Arrays.stream(rows).asLongStream().toArray();
    double[] score = metric.score(reading, pass.reading(picked));
    int row = 0;
    for (Lane lane : round.lanes()) {
      for (int own : lane.rows()) {
        double effect = score[row++] - pass.score()[own];
        if (!told[lane.intervention()]) {
          effects[lane.intervention()][first + own] = effect;
        }
      }
    }
  }

  // ---- the end of an intervention

  private void finish(Round round, Taker taker) {
    for (Lane lane : round.lanes()) {
      if (--left[lane.intervention()] == 0) {
        finish(lane.intervention(), taker);
      }
    }
  }

  private void finish(int intervention, Taker taker) {
    boolean finite = Arrays.stream(effects[intervention]).allMatch(Double::isFinite);
    boolean sure = acted(intervention) && finite && !mayHide(intervention);
    if (!told[intervention] && !sure) {
      runPlainly(intervention);
    } else if (!told[intervention] && each.size() == 1) {
      fired = firings();
    }
    double change =
        told[intervention]
            ? alone[intervention]
            : Math.sqrt(Arrays.stream(changes.get(intervention)).sum());
    if (change == 0) {
      // What is left is how numbers were rounded.
      Arrays.fill(effects[intervention], 0);
    }
    taker.take(intervention, effects[intervention].clone(), change);
  }

  /** Whether one edit may have left another nothing to do, which no lane alone can tell. */
  private boolean mayHide(int intervention) {
    return lanes[intervention] > 1
        && each.get(intervention) instanceof Together some
        && !some.mustBeActive().isEmpty();
  }

  /** What the edits of the only intervention did, over all lanes. */
  private List<Firing> firings() {
    List<Edit> edits = each.get(0).edits(read, batch, Edit.Effect.MAY_CHANGE);
    List<Firing> all = new ArrayList<>();
    for (int i = 0; i < edits.size(); i++) {
      int claimed = edits.get(i).claim().size(batch.rows(), batch.positions());
      double change = Math.sqrt(changes.get(0)[i]);
      all.add(new Firing(edits.get(i), change, places.get(0)[i], claimed));
    }
    return all;
  }

  /** Whether every edit that must changed something in one of the lanes. */
  private boolean acted(int intervention) {
    double[] changed = changes.get(intervention);
    if (changed == null) {
      return false;
    }
    boolean[] must = musts.get(intervention);
    return IntStream.range(0, changed.length).allMatch(i -> changed[i] > NOISE * NOISE || !must[i]);
  }
}
