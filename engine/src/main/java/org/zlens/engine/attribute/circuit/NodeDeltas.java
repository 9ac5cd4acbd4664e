package org.zlens.engine.attribute.circuit;

import org.zlens.engine.intervene.Absence;
import org.zlens.engine.intervene.AlignedCells;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * How some features and the error of an SAE would change at listed places if they were absent.
 *
 * @param features which
 * @param change of their activations, {@code [cell, features.length]}
 * @param error change of the error term, {@code [cell, d_in]}
 * @param scale what a unit of activation adds over the decoder's directions, {@code [cell, 1]}
 */
record NodeDeltas(Sae sae, int[] features, Tensor change, Tensor error, Tensor scale) {
  /** The changes at vectors {@code [cell, ..]}; tensors belong to the open scope. */
  static NodeDeltas of(
      Sae sae, Absence absence, int[] features, Tensor vectors, AlignedCells cells) {
    Tensor acts = sae.encode(vectors);
    Tensor errors = sae.flatten(vectors).sub(sae.decode(acts, vectors));
    long[] columns = new long[features.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = features[i];
    }
    Tensor change = absence.features(acts, cells.place()).sub(acts);
    return new NodeDeltas(
        sae,
        features,
        features.length == sae.features() ? change : change.indexSelect(-1, columns),
        absence.errors(errors, cells.place()).sub(errors),
        sae.scale(vectors));
  }

  /**
   * What the changes do along gradients {@code [cell, ..]}: {@code [cell, features.length]}, row by
   * row.
   */
  float[] ofFeatures(Tensor gradients) {
    if (features.length == 0) {
      return new float[0];
    }
    Tensor directions = features.length == sae.features() ? sae.wDec() : sae.directions(features);
    Tensor slopes = sae.flatten(gradients).mul(scale).matmul(directions.transpose(0, 1));
    return slopes.mul(change).floats();
  }

  /** What the change of the error does along gradients {@code [cell, ..]}, {@code [cell]}. */
  float[] ofError(Tensor gradients) {
    return sae.flatten(gradients).mul(error).sum(-1L).floats();
  }
}
