package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;
import org.zlens.engine.model.Window;

/**
 * Lanes of removals that go through the blocks together: each joins where it begins and leaves
 * where it is last looked at, and in a block those of one width take a step side by side, so that
 * its matrices are multiplied with many rows at a time.
 *
 * @param lanes in any order
 */
record RemovalWave(List<RemovalLane> lanes) {
  /** Positions of a step beyond which matrix products run no faster. */
  private static final int ENOUGH = 1024;

  /** What lanes must have in common to begin together. */
  private record Beginning(Start start, int touched, int width, Rerun.Stop stop) {}

  /** What they must have in common to go on together. */
  private record Going(int width, Rerun.Stop stop) {}

  /** Rows of all lanes. */
  int rows() {
    return lanes.stream().mapToInt(lane -> lane.removals().size()).sum();
  }

  /**
   * The steps in their order.
   *
   * @param layers of the model
   * @param mostRows how many rows of a width fit into memory
   */
  List<RemovalStep> steps(int layers, IntUnaryOperator mostRows) {
    List<RemovalStep> steps = new ArrayList<>();
    for (int layer = 0; layer <= layers; layer++) {
      Map<Going, List<Integer>> going = new LinkedHashMap<>();
      Map<Beginning, List<Integer>> beginning = new LinkedHashMap<>();
      for (int i = 0; i < lanes.size(); i++) {
        RemovalLane lane = lanes.get(i);
        Start start = lane.rerun().start();
        Rerun.Stop stop = lane.rerun().stopAt(layer);
        if (start.layer() == layer) {
          beginning
              .computeIfAbsent(
                  new Beginning(start, lane.rerun().touched().width(), lane.width(), stop),
                  key -> new ArrayList<>())
              .add(i);
        }
        boolean began = start.layer() < layer || layer == layers && start.layer() == layer;
        if (began && layer <= lane.last()) {
          going.computeIfAbsent(new Going(lane.width(), stop), key -> new ArrayList<>()).add(i);
        }
      }
      // What begins with the norm must begin before it.
      beginning.values().forEach(some -> bundles(some, mostRows).forEach(b -> steps.add(begin(b))));
      int at = layer;
      going.forEach(
          (how, some) ->
              bundles(some, mostRows)
                  .forEach(
                      bundle ->
                          steps.add(
                              at == layers
                                  ? new RemovalStep.Norm(bundle, window(bundle))
                                  : new RemovalStep.Block(bundle, at, window(bundle), how.stop))));
    }
    return steps;
  }

  /** Lanes of one width that are enough for a step. */
  private List<List<Integer>> bundles(List<Integer> some, IntUnaryOperator mostRows) {
    int width = lanes.get(some.get(0)).width();
    int most = Math.min(mostRows.applyAsInt(width), Math.max(1, ENOUGH / width));
    List<List<Integer>> bundles = new ArrayList<>();
    int rows = 0;
    for (int lane : some) {
      int own = lanes.get(lane).removals().size();
      if (bundles.isEmpty() || rows + own > most) {
        bundles.add(new ArrayList<>());
        rows = 0;
      }
      bundles.get(bundles.size() - 1).add(lane);
      rows += own;
    }
    return bundles;
  }

  private Window window(List<Integer> bundle) {
    return Window.joined(bundle.stream().map(i -> lanes.get(i).rerun().reached()).toList());
  }

  private RemovalStep begin(List<Integer> bundle) {
    // Those that end here end as the others go on.
    Rerun farthest =
        bundle.stream()
            .map(i -> lanes.get(i).rerun())
            .max(Comparator.comparingInt(Rerun::last))
            .orElseThrow();
    Window reached = window(bundle);
    Window touched =
        farthest.touched().width() == farthest.reached().width()
            ? reached
            : Window.joined(bundle.stream().map(i -> lanes.get(i).rerun().touched()).toList());
    return new RemovalStep.Begin(
        bundle,
        new Rerun(farthest.start(), touched, reached, reached, farthest.last(), farthest.stop()));
  }
}
