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
  public List<Touch> touches() {
    return List.of(new Touch(location, where));
  }

  @Override
  public boolean windowed() {
    return true;
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
              Tensor patch = batch.isWindow() ? patch(batch, cells) : from.take(source);
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

  /** The part of the patch that belongs into a window. */
  private Tensor patch(Batch window, Cells cells) {
    Cells listed = cells.listed(window);
    long[] row = new long[listed.size()];
    long[] position = new long[listed.size()];
    long[] numbers = from.isWhole() ? null : where.numbers(listed, window, from.size());
    for (int i = 0; i < row.length; i++) {
      int own = (int) listed.row()[i];
      row[i] = from.isWhole() ? window.prompt(own) : from.row()[(int) numbers[i]];
      position[i] =
          from.isWhole()
              ? window.offset(own) + listed.position()[i]
              : from.position()[(int) numbers[i]];
    }
    Tensor patch = new Cells(row, position).take(source);
    return cells.isWhole() ? patch.reshape(shape(patch, window.rows(), window.positions())) : patch;
  }

  private static long[] shape(Tensor listed, int rows, int columns) {
    long[] shape = new long[listed.rank() + 1];
    System.arraycopy(listed.shape(), 0, shape, 1, listed.rank());
    shape[0] = rows;
    shape[1] = columns;
    return shape;
  }
}
