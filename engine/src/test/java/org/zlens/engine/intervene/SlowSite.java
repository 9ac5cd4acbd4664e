package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;

/**
 * An edit of a site, written without thrift: every number is set by itself in a plain array, which
 * then stands in the place of the whole site.
 */
final class SlowSite {
  private final Location location;
  private final float[] values;
  private final long[] shape;

  /** The new number at a place. */
  @FunctionalInterface
  interface NewNumber {
    double at(int row, int position, int head, int i, double old);
  }

  /** The values of a site in a pass. */
  SlowSite(Location location, Activations pass) {
    this.location = location;
    this.values = pass.get(location).floats();
    this.shape = pass.get(location).shape();
  }

  private boolean byQuery() {
    return location.site() == Site.PATTERN || location.site() == Site.ATTN_SCORES;
  }

  int heads() {
    return byQuery() ? (int) shape[1] : shape.length == 4 ? (int) shape[2] : 1;
  }

  int width() {
    return (int) shape[shape.length - 1];
  }

  private int index(int row, int position, int head, int i) {
    int positions = (int) (byQuery() ? shape[2] : shape[1]);
    int place =
        byQuery()
            ? (row * heads() + head) * positions + position
            : (row * positions + position) * heads() + head;
    return place * width() + i;
  }

  /** The number at a place. */
  double at(int row, int position, int head, int i) {
    return values[index(row, position, head, i)];
  }

  /** The logits with new numbers at some places; keys after their query keep theirs. */
  Tensor logits(
      Transformer model, Tensor tokens, List<int[]> places, List<Integer> heads, NewNumber number) {
    float[] changed = values.clone();
    for (int row = 0; row < places.size(); row++) {
      for (int position : places.get(row)) {
        for (int head = 0; head < heads(); head++) {
          for (int i = 0; i < (byQuery() ? position + 1 : width()); i++) {
            if (heads.isEmpty() || heads.contains(head)) {
              int at = index(row, position, head, i);
              changed[at] = (float) number.at(row, position, head, i, values[at]);
            }
          }
        }
      }
    }
    Tensor whole = Tensor.of(changed, shape);
    Edit edit = new Edit(location, "slow edit", Edit.Effect.MAY_CHANGE, x -> whole);
    return model.forward(tokens, Hooks.none().edit(edit)).logits();
  }
}
