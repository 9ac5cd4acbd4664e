package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Window;

/** The edits of an intervention, and those in force, for its lane of a pass. */
final class LaneRun {
  /** How far equal values come out apart in passes of different shapes, against the largest. */
  private static final double ROUNDING = 1e-5;

  private final Map<Edit, Integer> numbers = new IdentityHashMap<>();
  private final Map<Edit, Integer> steps = new IdentityHashMap<>();
  private final Standing standing;
  private final HookRun hooks;
  private int edits;

  /**
   * @param from number of the lane's first row in the pass
   * @param clean clean values of all prompts that the intervention reads
   * @param standing edits in force, or null
   * @param owed what the edits owe in this lane alone
   */
  LaneRun(
      Intervention intervention,
      Lane lane,
      int from,
      Rerun rerun,
      int layers,
      Batch chunk,
      Activations clean,
      Standing standing,
      Edit.Effect owed) {
    List<Edit> own = new ArrayList<>();
    List<Edit> inForce = new ArrayList<>();
    // Each part of the pass has positions of its own, so that its edits are made for these.
    Set<Window> windows = Collections.newSetFromMap(new IdentityHashMap<>());
    intervention.touches().forEach(touch -> windows.add(rerun.at(touch.location(), layers)));
    if (standing != null) {
      windows.addAll(List.of(rerun.touched(), rerun.reached(), rerun.end(layers)));
    }
    for (Window window : windows) {
      int[] first = Arrays.copyOfRange(window.first(), from, from + lane.rows().length);
      Batch batch = chunk.window(lane.rows(), first, window.width());
      List<Edit> here = intervention.edits(clean, batch, owed);
      edits = here.size();
      IntStream.range(0, edits)
          .filter(i -> rerun.at(here.get(i).location(), layers) == window)
          .forEach(
              i -> {
                numbers.put(here.get(i), i);
                own.add(here.get(i));
              });
      if (standing != null) {
        for (Standing.WindowEdit one : standing.windowEdits(batch)) {
          if (rerun.at(one.edit().location(), layers) == window) {
            steps.put(one.edit(), one.step());
            inForce.add(one.edit());
          }
        }
      }
    }
    this.standing = standing;
    hooks = new HookRun(inForce, Hooks.none().edit(own), ROUNDING);
  }

  HookRun hooks() {
    return hooks;
  }

  /**
   * Which of the intervention's own edits must change something, if they were made so; one that
   * touches no place, such as a splice that keeps all as it is, has no part in the pass.
   */
  boolean[] must() {
    boolean[] must = new boolean[edits];
    numbers.forEach((edit, number) -> must[number] = edit.effect() == Edit.Effect.MUST_CHANGE);
    return must;
  }

  /**
   * Tells what fired: to whoever put edits in force what those did, and of the intervention's own
   * edits, edit by edit.
   *
   * @param changes the squares of the changes that they made are added here
   * @param places the numbers of places that they changed are added here
   */
  void add(List<Firing> firings, double[] changes, int[] places) {
    for (Firing firing : firings) {
      Integer number = numbers.get(firing.edit());
      if (number != null) {
        changes[number] += firing.change() * firing.change();
        places[number] += firing.places();
      }
      Integer step = steps.get(firing.edit());
      if (step != null) {
        standing.ran(step, firing.change());
      }
    }
  }
}
