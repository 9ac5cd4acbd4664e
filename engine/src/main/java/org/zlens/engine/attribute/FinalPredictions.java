package org.zlens.engine.attribute;

import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Tensor;

/**
 * Predictions from what the final norm leaves, which unembed no more than is asked for.
 *
 * @param normalized what the hook after it has, {@code [batch, pos, d_model]}
 */
public record FinalPredictions(Transformer model, Tensor normalized) implements Predictions {
  @Override
  public int vocabulary() {
    return model.config().dVocab();
  }

  @Override
  public Tensor logits(Cells cells) {
    return model.unembed(cells.take(normalized));
  }

  @Override
  public Tensor logits(Cells cells, long[] columns) {
    Weights weights = model.weights();
    long each = columns.length / cells.size();
    Tensor directions =
        weights.wU().indexSelect(1, columns).transpose(0, 1).reshape(cells.size(), each, -1);
    Tensor read = weights.finalNorm(model.config()).onward(cells.take(normalized));
    Tensor products = read.unsqueeze(1).mul(directions).sum(-1L);
    Tensor biases = weights.bU().indexSelect(0, columns).reshape(cells.size(), each);
    return model.capped(products.add(biases));
  }
}
