package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.model.Window;
import org.zlens.engine.runtime.Tensor;

/**
 * What the unembedding reads in a pass beside a clean run: in the window its own values, elsewhere
 * the clean ones.
 *
 * @param values {@code [row, pos, d_model]} of the window
 */
record WindowVectors(Window window, Tensor values, CleanPass clean) {
  /** Vectors at some places, {@code [cell, d_model]}. */
  Tensor take(Cells cells) {
    long own = values.size(0) * values.size(1);
    long[] index = new long[cells.size()];
    boolean outside = false;
    for (int i = 0; i < index.length; i++) {
      int row = (int) cells.row()[i];
      int position = (int) cells.position()[i];
      int column = position - window.first()[row];
      boolean here = column >= 0 && column < window.width();
      index[i] =
          here
              ? (long) row * window.width() + column
              : own + clean.at(window.rows()[row], position);
      outside |= !here;
    }
    Tensor flat = values.reshape(own, values.size(2));
    Tensor all = outside ? Tensor.cat(List.of(flat, clean.stream()), 0) : flat;
    return all.indexSelect(0, index);
  }
}
