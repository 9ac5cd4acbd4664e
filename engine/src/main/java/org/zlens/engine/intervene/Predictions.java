package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.runtime.Tensor;

/**
 * What a pass predicts at the places that a metric said it reads, and nowhere else: nobody needs to
 * hold all logits, or to compute them, for a metric that reads few.
 *
 * <p>Whoever gives gradients gives them through these as through any other tensor.
 */
public interface Predictions {
  /** Logits that are held at a time where a metric can go on piece by piece: 32 MB. */
  long AT_ONCE = 1 << 23;

  /** Number of tokens that are predicted. */
  int vocabulary();

  /**
   * All logits at some places, {@code [cell, d_vocab]}.
   *
   * @param cells rows and positions as the metric named them
   */
  Tensor logits(Cells cells);

  /**
   * The logits of some tokens at some places, {@code [cell, each]}.
   *
   * @param columns token ids, as many for each cell, cell by cell
   */
  Tensor logits(Cells cells, long[] columns);

  /** The log probability of a token of its own at each place, in nats: {@code [cell]}. */
  default Tensor logProbabilities(Cells cells, long[] tokens) {
    int step = (int) Math.max(1, AT_ONCE / vocabulary());
    List<Tensor> pieces = new ArrayList<>();
    for (int from = 0; from < cells.size(); from += step) {
      int to = Math.min(cells.size(), from + step);
      Tensor logs = logits(cells.slice(from, to)).logSoftmax(-1);
      long[] some = Arrays.copyOfRange(tokens, from, to);
      pieces.add(logs.gather(-1, Tensor.of(some, to - from, 1)).reshape(-1));
    }
    return pieces.size() == 1 ? pieces.get(0) : Tensor.cat(pieces, 0);
  }

  /** The predictions of a plain pass, from its logits {@code [batch, pos, d_vocab]}. */
  static Predictions of(Tensor logits) {
    return new WholePredictions(logits);
  }
}
