package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Tensor;

/**
 * Values at a site replaced by those of another run, place by place.
 *
 * @param where places that change
 * @param source values {@code [batch, pos, ..]} at the same site of the other run, owned by the
 *     caller
 * @param from the places that they come from, as many and in the same order
 */
public record Patch(Location location, Where where, Tensor source, Cells from)
    implements Intervention {
  /** Refuses sites that are not laid out by position. */
  public Patch {
    SiteAblation.requirePositions(location);
  }

  @Override
  public String name() {
    return "patch " + location.shortName();
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    return List.of(
        new Edit(
            location,
            name(),
            Edit.Effect.MAY_CHANGE,
            values -> {
              Cells cells = where.in(batch);
              Tensor patch = from.take(source);
              if (!Arrays.equals(patch.shape(), cells.take(values).shape())) {
                throw new ZlensException(
                    Kind.TYPE,
                    name()
                        + " has values of shape "
                        + Arrays.toString(patch.shape())
                        + " for places of shape "
                        + Arrays.toString(cells.take(values).shape()),
                    "patch from as many places as are patched");
              }
              return cells.put(values, patch);
            }));
  }
}
