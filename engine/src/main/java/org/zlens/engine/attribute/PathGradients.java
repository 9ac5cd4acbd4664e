package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Gradients of a metric at many locations from one backward pass: at the clean values (attribution
 * patching), or as their mean over points on the straight way from the clean to changed values, all
 * moves together (integrated gradients).
 *
 * <p>Prompts run a few at a time, since what a backward pass holds grows with them.
 */
public final class PathGradients {
  /** Tokens of one backward pass, which holds about 1 MB for each in a model like GPT-2 Small. */
  private static final int TOKENS_AT_ONCE = 2048;

  private final Transformer model;
  private final Metric metric;
  private final List<Move> moves;
  private final int steps;

  /**
   * Gradients for some moves.
   *
   * @param moves at most one at a location
   * @param steps points on the way; 0 for the clean values alone
   */
  public PathGradients(Transformer model, Metric metric, List<Move> moves, int steps) {
    this.model = model;
    this.metric = metric;
    this.moves = List.copyOf(moves);
    this.steps = steps;
  }

  /** Prompts of one backward pass. */
  static int atOnce(int positions) {
    return Math.max(1, TOKENS_AT_ONCE / positions);
  }

  /** The moves. */
  public List<Move> moves() {
    return moves;
  }

  /**
   * What was found for some of the prompts; its tensors live as long as the reader runs.
   *
   * @param first row of the batch that is the first of these
   * @param values clean values at each location, {@code [row, pos, ..]}
   * @param gradients those of the metric, of the same shape; each prompt's of its own metric
   */
  public record Part(
      int first, Batch batch, Map<Location, Tensor> values, Map<Location, Tensor> gradients) {
    /** The values that a move ends at. */
    public Tensor change(Move move) {
      Tensor clean = values.get(move.location());
      return move.change().of(clean, batch).sub(clean);
    }
  }

  /** Runs all prompts of a batch. */
  public void run(Batch batch, Progress progress, Consumer<Part> reader) {
    int atOnce = atOnce(batch.positions());
    int passes = Math.max(1, steps);
    long total = (long) passes * ((batch.rows() + atOnce - 1) / atOnce);
    long done = 0;
    for (int first = 0; first < batch.rows(); first += atOnce) {
      progress.step(done, total);
      int last = Math.min(first + atOnce, batch.rows());
      try (Scope scope = Scope.open()) {
        Batch part = part(batch, first, last);
        long before = done;
        reader.accept(
            steps == 0
                ? atCleanValues(first, part)
                : onTheWay(first, part, step -> progress.step(before + step, total)));
      }
      done += passes;
    }
    progress.step(total, total);
  }

  /** Some prompts, in which edits in force find their places. */
  private Batch part(Batch batch, int first, int last) {
    Batch part = batch.select(IntStream.range(first, last).toArray());
    return model.inForce() instanceof Standing edits ? edits.admit(part) : part;
  }

  /**
   * What all moves together do to the metric, their ends held whatever happens before them: {@code
   * [row]}.
   */
  public double[] together(Batch batch, Progress progress) {
    double[] effects = new double[batch.rows()];
    int atOnce = atOnce(batch.positions());
    for (int first = 0; first < batch.rows(); first += atOnce) {
      progress.step(first, batch.rows());
      int last = Math.min(first + atOnce, batch.rows());
      try (Scope scope = Scope.open()) {
        Batch part = part(batch, first, last);
        Pass clean = pass(part, List.of());
        Tensor cleanReading = metric.read(part, clean.predictions);
        Part ends = new Part(first, part, clean.values, Map.of());
        List<Edit> edits = new ArrayList<>();
        for (Move move : moves) {
          Tensor end = clean.values.get(move.location()).add(ends.change(move));
          edits.add(hold(move, part, end));
        }
        Tensor reading = metric.read(part, pass(part, edits).predictions);
        double[] before = metric.score(cleanReading, cleanReading);
        double[] after = metric.score(reading, cleanReading);
        for (int row = 0; row < after.length; row++) {
          effects[first + row] = after[row] - before[row];
        }
      }
    }
    return effects;
  }

  private Part atCleanValues(int first, Batch part) {
    try (GradMode on = GradMode.on()) {
      Pass pass = pass(part, List.of(fromHere()));
      Tensor reading = metric.read(part, pass.predictions);
      Tensor sum = metric.values(reading, reading.detach()).sum();
      Map<Location, Tensor> gradients = gradients(sum, pass);
      Map<Location, Tensor> values = new LinkedHashMap<>();
      pass.values.forEach((location, value) -> values.put(location, value.detach()));
      return new Part(first, part, values, gradients);
    }
  }

  /** Hears how many points are done. */
  private interface Steps {
    void done(int step);
  }

  private Part onTheWay(int first, Batch part, Steps heard) {
    Pass clean = pass(part, List.of());
    Tensor cleanReading = metric.read(part, clean.predictions);
    Part ends = new Part(first, part, clean.values, Map.of());
    Map<Location, Tensor> sums = new LinkedHashMap<>();
    Map<Move, Tensor> changes = new LinkedHashMap<>();
    moves.forEach(move -> changes.put(move, ends.change(move)));
    for (int step = 0; step < steps; step++) {
      double share = (step + 0.5) / steps;
      try (Scope scope = Scope.open();
          GradMode on = GradMode.on()) {
        List<Edit> edits = new ArrayList<>(List.of(fromHere()));
        for (Move move : moves) {
          Tensor point = clean.values.get(move.location()).add(changes.get(move).mul(share));
          edits.add(hold(move, part, point));
        }
        Pass pass = pass(part, edits);
        Tensor reading = metric.read(part, pass.predictions);
        Tensor sum = metric.values(reading, cleanReading).sum();
        gradients(sum, pass)
            .forEach(
                (location, gradient) -> {
                  Tensor mean = gradient.mul(1.0 / steps);
                  Tensor before = sums.get(location);
                  sums.put(location, scope.keep(before == null ? mean : before.add(mean)));
                  if (before != null) {
                    before.close();
                  }
                });
      }
      heard.done(step + 1);
    }
    return new Part(first, part, clean.values, sums);
  }

  /** The values of a point on the way at the places of a move; elsewhere what the pass has. */
  private static Edit hold(Move move, Batch part, Tensor point) {
    Cells cells = move.where().in(part);
    return new Edit(
        move.location(),
        "a point on the way",
        Edit.Effect.MAY_CHANGE,
        values -> cells.put(values, cells.take(point)).add(values.mul(0)));
  }

  /** Makes everything behind the embedding hang on a leaf, so that gradients are recorded. */
  private static Edit fromHere() {
    return new Edit(Location.of(Site.EMBED), "gradients", Edit.Effect.MAY_CHANGE, Tensor::leaf);
  }

  /** A pass with what it holds at the locations and what it predicts. */
  private record Pass(Map<Location, Tensor> values, FinalPredictions predictions) {}

  private Pass pass(Batch part, List<Edit> edits) {
    Location last = Location.of(Site.FINAL_NORMALIZED);
    Location[] locations = moves.stream().map(Move::location).toArray(Location[]::new);
    Hooks hooks = Hooks.none().capture(locations).capture(last).edit(edits).withoutLogits();
    Activations pass = model.forward(part.tokens(), hooks);
    Map<Location, Tensor> values = new LinkedHashMap<>();
    for (Location location : locations) {
      values.put(location, pass.get(location));
    }
    return new Pass(values, new FinalPredictions(model, pass.get(last)));
  }

  private static Map<Location, Tensor> gradients(Tensor sum, Pass pass) {
    List<Location> locations = List.copyOf(pass.values.keySet());
    Tensor[] found = sum.gradients(List.copyOf(pass.values.values()));
    Map<Location, Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < found.length; i++) {
      gradients.put(locations.get(i), found[i]);
    }
    return gradients;
  }
}
