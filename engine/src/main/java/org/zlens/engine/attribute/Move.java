package org.zlens.engine.attribute;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Touch;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Tensor;

/**
 * A change of the values at some places of a location, as the two ends that gradients are taken
 * between.
 *
 * @param where the places that it may change
 */
public record Move(Location location, Where where, Change change) {
  /** Gives the values that the change ends at. */
  public interface Change {
    /**
     * The changed values of a part of the prompts, of the shape of the clean ones.
     *
     * @param values clean values {@code [row, pos, ..]}
     */
    Tensor of(Tensor values, Batch part);
  }

  /**
   * What an intervention changes at its one location.
   *
   * @param clean the clean pass of all prompts with what the intervention reads
   */
  static Move of(Intervention intervention, Activations clean) {
    List<Touch> touches = intervention.touches();
    if (touches.size() != 1) {
      throw new IllegalArgumentException(
          "'" + intervention.name() + "' acts at " + touches.size() + " locations");
    }
    return new Move(
        touches.get(0).location(),
        touches.get(0).where(),
        (values, part) -> {
          Tensor changed = values;
          for (Edit edit : intervention.edits(clean, part, Edit.Effect.MAY_CHANGE)) {
            changed = edit.change().apply(changed);
          }
          return changed;
        });
  }
}
