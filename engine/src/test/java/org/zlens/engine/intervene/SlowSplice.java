package org.zlens.engine.intervene;

import java.util.Map;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The definition of a splice, written without thrift: encode everything everywhere, set the
 * activations, decode everything, add the error of the unedited encoding.
 */
final class SlowSplice {
  private SlowSplice() {}

  /** New activations by feature, at every listed {@code {row, position}}. */
  static Edit edit(Sae sae, int[][] places, Map<Integer, Double> values, boolean keepsError) {
    return new Edit(
        sae.location(),
        "slow splice",
        Edit.Effect.MAY_CHANGE,
        x -> {
          Tensor acts = sae.encode(x);
          int positions = (int) acts.size(1);
          int features = (int) acts.size(2);
          float[] edited = acts.floats();
          for (int[] place : places) {
            for (Map.Entry<Integer, Double> value : values.entrySet()) {
              edited[(place[0] * positions + place[1]) * features + value.getKey()] =
                  value.getValue().floatValue();
            }
          }
          Tensor decoded = sae.decode(Tensor.of(edited, acts.shape())).reshape(x.shape());
          return keepsError ? decoded.add(sae.error(x)) : decoded;
        });
  }
}
