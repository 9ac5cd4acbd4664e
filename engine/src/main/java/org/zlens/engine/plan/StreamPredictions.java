package org.zlens.engine.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;

/**
 * Predictions from the normalised stream at the places that are asked for, so that no other logits
 * are computed.
 *
 * @param vectors what the hook after the final norm has at some places, {@code [cell, d_model]}
 */
record StreamPredictions(Transformer model, Function<Cells, Tensor> vectors)
    implements Predictions {
  @Override
  public int vocabulary() {
    return model.config().dVocab();
  }

  @Override
  public Tensor logits(Cells cells) {
    return model.unembed(vectors.apply(cells));
  }

  @Override
  public Tensor logits(Cells cells, long[] columns) {
    Map<Long, Long> numbers = new LinkedHashMap<>();
    long[] picked = new long[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Long next = (long) numbers.size();
      Long known = numbers.putIfAbsent(columns[i], next);
      picked[i] = known == null ? next : known;
    }
    int each = columns.length / cells.size();
    // Few tokens in many places are one product; as many tokens as places would be far too many.
    if ((long) numbers.size() * cells.size() > Predictions.AT_ONCE && cells.size() > 1) {
      int half = cells.size() / 2;
      Tensor first = logits(cells.slice(0, half), Arrays.copyOf(columns, half * each));
      Tensor rest =
          logits(
              cells.slice(half, cells.size()),
              Arrays.copyOfRange(columns, half * each, columns.length));
      return Tensor.cat(List.of(first, rest), 0);
    }
    long[] distinct = numbers.keySet().stream().mapToLong(Long::longValue).toArray();
    Tensor some = model.unembed(vectors.apply(cells), distinct);
    return some.gather(-1, Tensor.of(picked, cells.size(), each));
  }
}
