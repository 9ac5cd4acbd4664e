package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Reads;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Estimates of what changes would do to a metric, for all of them from the gradients of one
 * backward pass: the product of the gradient and the change, which is exact where the metric is
 * linear (attribution patching).
 *
 * <p>With steps, the gradient is its mean over so many points on the straight way from the clean
 * values to those that all changes together end at (integrated gradients): the attributions of a
 * prompt then add up to the effect of all changes together, the better the more steps there are.
 *
 * @param steps points on the way; 0 for the gradient at the clean values
 * @param progress hears of each pass over a part of the prompts and may end it
 */
public record GradientAttribution(
    Transformer model, Batch batch, Metric metric, int steps, Progress progress) {

  /** How far equal values come out apart in passes of other shapes, against the largest. */
  private static final double ROUNDING = 1e-6;

  /** Refuses a metric that is flat at the clean run. */
  public GradientAttribution {
    if (steps < 0) {
      throw new IllegalArgumentException("negative number of steps");
    }
    if (model.inForce() instanceof Standing edits && edits.meetInAnSae()) {
      throw new ZlensException(
          Kind.RUNTIME,
          "gradients do not pass several edits of one SAE in force",
          "sweep inside the block, or estimate outside of it");
    }
    if (steps == 0 && metric instanceof Metric.Divergence) {
      throw new ZlensException(
          Kind.USAGE,
          "the divergence from the clean run is flat at the clean run, so its gradient says nothing",
          "take points on the way: steps 10");
    }
  }

  /**
   * What setting each of some features of an SAE to zero would do, its error term kept: {@code -f_i
   * scale (d_i . gradient)}, summed over the places.
   *
   * @return {@code [feature][prompt]}, in the order of the features
   */
  public double[][] features(Sae sae, int[] features, Where where) {
    return features(List.of(sae), List.of(features), where).get(0);
  }

  /** The same for some features of each of several SAEs, from one backward pass. */
  public List<double[][]> features(List<Sae> saes, List<int[]> features, Where where) {
    List<double[][]> found = new ArrayList<>();
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < saes.size(); i++) {
      found.add(new double[features.get(i).length][batch.rows()]);
      moves.add(zeroed(saes.get(i), features.get(i), where));
    }
    try (Scope scope = Scope.open()) {
      new PathGradients(model, metric, moves, steps)
          .run(
              batch,
              progress,
              part -> {
                for (int i = 0; i < saes.size(); i++) {
                  addFeatures(part, saes.get(i), features.get(i), where, found.get(i));
                }
              });
    }
    return found;
  }

  /**
   * What all these features at zero do together, the values without them held whatever changes
   * before them; integrated gradients add up to it: {@code [prompt]}.
   */
  public double[] together(List<Sae> saes, List<int[]> features, Where where) {
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < saes.size(); i++) {
      moves.add(zeroed(saes.get(i), features.get(i), where));
    }
    try (Scope scope = Scope.open()) {
      return new PathGradients(model, metric, moves, steps).together(batch, progress);
    }
  }

  /**
   * The passes that estimates take, in their order.
   *
   * @param at the locations at which anything changes
   * @param together whether {@link #together} is asked for as well
   */
  public List<WholePass> passes(Collection<Location> at, boolean together) {
    int atOnce = PathGradients.atOnce(batch.positions());
    Hooks kept = Hooks.none().capture(at.toArray(Location[]::new));
    Hooks all = kept.capture(Location.of(Site.FINAL_NORMALIZED)).withoutLogits();
    List<WholePass> passes = new ArrayList<>();
    for (int first = 0; first < batch.rows(); first += atOnce) {
      int rows = Math.min(atOnce, batch.rows() - first);
      Reads reads = metric.reads(batch);
      long cells = (long) reads.cells().size() * rows / batch.rows();
      WholePass forward = WholePass.of(model.config(), rows, batch.positions(), all);
      WholePass back =
          WholePass.back(model.config(), rows, batch.positions(), at, cells, reads.columns());
      passes.addAll(Collections.nCopies((steps > 0 ? 1 : 0) + (together ? 2 : 0), forward));
      passes.addAll(Collections.nCopies(Math.max(1, steps), back));
    }
    return passes;
  }

  private Move zeroed(Sae sae, int[] features, Where where) {
    if (model.inForce() instanceof Standing edits && edits.puts(sae)) {
      throw new ZlensException(
          Kind.RUNTIME,
          "an edit in force has put the SAE of "
              + sae.location().shortName()
              + " in the place of what it reads",
          "ablate its features in a sweep inside the block, or estimate outside of it");
    }
    return new Move(
        sae.location(),
        where,
        (values, part) -> {
          Cells cells = where.in(part).listed(part);
          Tensor own = cells.take(values);
          Tensor change = sae.decodeChange(sae.encode(own, features).mul(-1), own, features);
          return cells.put(values, own.add(change.reshape(own.shape())));
        });
  }

  private static void addFeatures(
      PathGradients.Part part, Sae sae, int[] features, Where where, double[][] found) {
    Batch batch = part.batch();
    Cells cells = where.in(batch).listed(batch);
    Tensor own = cells.take(part.values().get(sae.location()));
    Tensor gradients = sae.flatten(cells.take(part.gradients().get(sae.location())));
    Tensor slopes = gradients.mul(sae.scale(own)).matmul(sae.directions(features).transpose(0, 1));
    Tensor each = sae.encode(own, features).mul(slopes).mul(-1);
    float[] byRow = sums(cells, batch.rows()).matmul(each).floats();
    for (int row = 0; row < batch.rows(); row++) {
      for (int i = 0; i < features.length; i++) {
        found[i][part.first() + row] = byRow[row * features.length + i];
      }
    }
  }

  /** Ones where a cell lies in a row: {@code [row, cell]}. */
  private static Tensor sums(Cells cells, int rows) {
    float[] ones = new float[rows * cells.size()];
    for (int i = 0; i < cells.size(); i++) {
      ones[(int) cells.row()[i] * cells.size() + i] = 1;
    }
    return Tensor.of(ones, rows, cells.size());
  }

  /**
   * What each head's part of some interventions on heads would do.
   *
   * @param layers one for each layer at most, acting on all heads of a site that has such
   * @return for each location {@code [head][prompt]}
   */
  public Map<Location, double[][]> heads(List<? extends Intervention> layers) {
    Map<Location, double[][]> found = new LinkedHashMap<>();
    run(
        layers,
        (move, part) -> {
          Tensor products = products(move, part);
          int heads = Math.toIntExact(products.size(2));
          double[][] own =
              found.computeIfAbsent(move.location(), at -> new double[heads][batch.rows()]);
          add(products.sum(1L, 3L), part, own);
        });
    return found;
  }

  /**
   * What each place's part of some interventions would do.
   *
   * @param each one at a location at most, whose values have a vector for each place
   * @return for each location {@code [position][prompt]}
   */
  public Map<Location, double[][]> places(List<? extends Intervention> each) {
    Map<Location, double[][]> found = new LinkedHashMap<>();
    run(
        each,
        (move, part) -> {
          Tensor products = products(move, part);
          long rows = products.size(0);
          long positions = products.size(1);
          double[][] own =
              found.computeIfAbsent(
                  move.location(), at -> new double[(int) positions][batch.rows()]);
          add(products.reshape(rows, positions, -1).sum(2L), part, own);
        });
    return found;
  }

  /** What each of some interventions would do, {@code [intervention][prompt]}. */
  public double[][] each(List<? extends Intervention> each) {
    double[][] found = new double[each.size()][];
    places(each)
        .forEach(
            (location, byPlace) -> {
              double[] sum = new double[batch.rows()];
              for (double[] place : byPlace) {
                Arrays.setAll(sum, row -> sum[row] + place[row]);
              }
              for (int i = 0; i < each.size(); i++) {
                if (each.get(i).touches().get(0).location().equals(location)) {
                  found[i] = sum;
                }
              }
            });
    return found;
  }

  private static Tensor products(Move move, PathGradients.Part part) {
    return part.change(move).mul(part.gradients().get(move.location()));
  }

  /** Puts {@code [row, each]} of a part to the rows that it is of. */
  private static void add(Tensor byRow, PathGradients.Part part, double[][] found) {
    float[] numbers = byRow.floats();
    for (int row = 0; row < part.batch().rows(); row++) {
      for (int i = 0; i < found.length; i++) {
        found[i][part.first() + row] = numbers[row * found.length + i];
      }
    }
  }

  /**
   * What all these interventions do together, the values that they leave held whatever changes
   * before them; integrated gradients add up to it: {@code [prompt]}.
   */
  public double[] together(List<? extends Intervention> joint) {
    try (Scope scope = Scope.open()) {
      return gradients(joint).together(batch, progress);
    }
  }

  private void run(
      List<? extends Intervention> joint, BiConsumer<Move, PathGradients.Part> reader) {
    boolean[] moved = {false};
    try (Scope scope = Scope.open()) {
      PathGradients gradients = gradients(joint);
      gradients.run(
          batch,
          progress,
          part -> {
            moved[0] = moved[0] || gradients.moves().stream().anyMatch(move -> moves(move, part));
            gradients.moves().forEach(move -> reader.accept(move, part));
          });
    }
    if (!moved[0]) {
      throw new ZlensException(
          Kind.RUNTIME,
          "none of the changes changes anything: the values are so already",
          "values of the same prompts are what they are here");
    }
  }

  /** Whether a move goes anywhere but where rounding leads. */
  private static boolean moves(Move move, PathGradients.Part part) {
    double size = part.values().get(move.location()).abs().max().item();
    return part.change(move).abs().max().item() > ROUNDING * (1 + size);
  }

  private PathGradients gradients(List<? extends Intervention> joint) {
    Location[] reads =
        joint.stream().flatMap(i -> i.reads().stream()).distinct().toArray(Location[]::new);
    Activations clean =
        reads.length == 0
            ? null
            : model.forward(batch.tokens(), Hooks.none().capture(reads).withoutLogits());
    List<Move> moves = joint.stream().map(one -> Move.of(one, clean)).toList();
    if (moves.stream().map(Move::location).distinct().count() < moves.size()) {
      throw new IllegalArgumentException("two changes at one location");
    }
    return new PathGradients(model, metric, moves, steps);
  }
}
