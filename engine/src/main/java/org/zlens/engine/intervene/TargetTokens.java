package org.zlens.engine.intervene;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Weights that turn losses by token into a mean for each prompt. */
final class TargetTokens {
  private TargetTokens() {}

  /**
   * Fills {@code [row, target]} with one over the number of the row's chosen tokens, where target t
   * is the token at position t + 1; zeros elsewhere.
   */
  static void weigh(Batch batch, Where tokens, float[] weights) {
    int targets = batch.positions() - 1;
    int[] counts = new int[batch.rows()];
    if (tokens.isEverywhere()) {
      for (int row = 0; row < batch.rows(); row++) {
        for (int position = 1; position < batch.lengths()[row]; position++) {
          weights[row * targets + position - 1] = 1;
          counts[row]++;
        }
      }
    } else {
      Cells cells = tokens.in(batch);
      for (int i = 0; i < cells.size(); i++) {
        int row = (int) cells.row()[i];
        int position = (int) cells.position()[i];
        if (position == 0) {
          throw new ZlensException(
              Kind.RUNTIME, "the first token of prompt " + row + " is not predicted", null);
        }
        weights[row * targets + position - 1] = 1;
        counts[row]++;
      }
    }
    for (int row = 0; row < batch.rows(); row++) {
      if (counts[row] == 0) {
        throw new ZlensException(
            Kind.RUNTIME, "prompt " + row + " has no token whose loss could be read", null);
      }
      for (int target = 0; target < targets; target++) {
        weights[row * targets + target] /= counts[row];
      }
    }
  }
}
