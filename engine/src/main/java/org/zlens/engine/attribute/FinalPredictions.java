package org.zlens.engine.attribute;

import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * Predictions from the last residual stream of a pass without edits at the end, which unembed no
 * more than is asked for.
 *
 * @param resid {@code [batch, pos, d_model]} after the last block
 */
public record FinalPredictions(Transformer model, Tensor resid) implements Predictions {
  @Override
  public int vocabulary() {
    return model.config().dVocab();
  }

  @Override
  public Tensor logits(Cells cells) {
    Weights weights = model.weights();
    return Kernels.call("linear", normalized(cells), weights.wU(), weights.bU());
  }

  @Override
  public Tensor logits(Cells cells, long[] columns) {
    Weights weights = model.weights();
    long each = columns.length / cells.size();
    Tensor directions =
        weights.wU().indexSelect(1, columns).transpose(0, 1).reshape(cells.size(), each, -1);
    Tensor products = normalized(cells).unsqueeze(1).mul(directions).sum(-1L);
    return products.add(weights.bU().indexSelect(0, columns).reshape(cells.size(), each));
  }

  private Tensor normalized(Cells cells) {
    Tensor gain = model.weights().finalGain();
    double eps = model.config().normEps();
    Tensor own = cells.take(resid);
    return gain == null
        ? Kernels.callList("layer_norm", own, eps)[0]
        : Kernels.callList("layer_norm_affine", own, gain, model.weights().finalBias(), eps)[0];
  }
}
