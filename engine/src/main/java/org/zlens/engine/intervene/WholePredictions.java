package org.zlens.engine.intervene;

import org.zlens.engine.runtime.Tensor;

/** Predictions from the logits {@code [batch, pos, d_vocab]} of all places. */
record WholePredictions(Tensor logits) implements Predictions {
  @Override
  public int vocabulary() {
    return Math.toIntExact(logits.size(-1));
  }

  @Override
  public Tensor logits(Cells cells) {
    return cells.take(logits);
  }

  @Override
  public Tensor logits(Cells cells, long[] columns) {
    int each = columns.length / cells.size();
    return cells.take(logits).gather(-1, Tensor.of(columns, cells.size(), each));
  }
}
