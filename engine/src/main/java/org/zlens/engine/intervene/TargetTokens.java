package org.zlens.engine.intervene;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Tensor;

/**
 * Tokens whose loss is read, each from the place before it.
 *
 * @param before the places that predict them
 * @param ids the tokens
 * @param rows number of rows, each of which has one at least
 */
record TargetTokens(Cells before, long[] ids, int rows) {
  /**
   * The tokens at some places; all but the first of each prompt where that is everywhere.
   *
   * @throws ZlensException of kind RUNTIME if one is the first of its prompt, or a row has none
   */
  static TargetTokens of(Batch batch, Where tokens) {
    Cells cells = tokens.isEverywhere() ? afterTheFirst(batch) : tokens.in(batch);
    long[] all = batch.tokens().longs();
    long[] before = new long[cells.size()];
    long[] ids = new long[cells.size()];
    int[] counts = new int[batch.rows()];
    for (int i = 0; i < ids.length; i++) {
      int row = (int) cells.row()[i];
      int position = (int) cells.position()[i];
      if (position == 0) {
        throw new ZlensException(
            Kind.RUNTIME,
            "the first token of prompt " + batch.prompt(row) + " is not predicted",
            null);
      }
      before[i] = position - 1L;
      ids[i] = all[row * batch.positions() + position];
      counts[row]++;
    }
    for (int row = 0; row < counts.length; row++) {
      if (counts[row] == 0) {
        throw new ZlensException(
            Kind.RUNTIME,
            "prompt " + batch.prompt(row) + " has no token whose loss could be read",
            null);
      }
    }
    return new TargetTokens(new Cells(cells.row(), before), ids, counts.length);
  }

  private static Cells afterTheFirst(Batch batch) {
    int[] lengths = batch.lengths();
    int count = 0;
    for (int length : lengths) {
      count += length - 1;
    }
    long[] row = new long[count];
    long[] position = new long[count];
    int i = 0;
    for (int r = 0; r < lengths.length; r++) {
      for (int p = 1; p < lengths[r]; p++) {
        row[i] = r;
        position[i++] = p;
      }
    }
    return new Cells(row, position);
  }

  Reads reads() {
    return Reads.all(before);
  }

  /** Mean loss of each row, in nats: {@code [row]}. */
  Tensor meanLoss(Predictions predictions) {
    int[] counts = new int[rows];
    long[] number = new long[ids.length];
    int most = 0;
    for (int i = 0; i < ids.length; i++) {
      number[i] = counts[(int) before.row()[i]]++;
      most = Math.max(most, (int) number[i] + 1);
    }
    float[] each = new float[rows];
    for (int row = 0; row < rows; row++) {
      each[row] = -counts[row];
    }
    Tensor logs = predictions.logProbabilities(before, ids);
    Tensor byRow = new Cells(before.row(), number).put(Tensor.zeros(rows, most), logs);
    return byRow.sum(-1L).div(Tensor.of(each, rows));
  }
}
