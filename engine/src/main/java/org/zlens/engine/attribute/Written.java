package org.zlens.engine.attribute;

import java.util.List;

/**
 * Parts of the residual stream at one place, as vectors.
 *
 * @param pieces what each is
 * @param vectors {@code [piece, d_model]}, row by row
 */
record Written(List<Piece> pieces, float[] vectors) {
  /**
   * What a part is.
   *
   * @param layer the layer that the part belongs to, -1 if none
   * @param index head or feature, -1 if none
   * @param activation activation of a feature, NaN for other parts
   */
  record Piece(Part part, int layer, int index, double activation) {
    /** A part without index or activation. */
    static Piece of(Part part, int layer) {
      return new Piece(part, layer, -1, Double.NaN);
    }
  }

  /** Keeps the pieces from changing. */
  Written {
    pieces = List.copyOf(pieces);
  }

  /** A single part. */
  static Written of(Piece piece, float[] vector) {
    return new Written(List.of(piece), vector);
  }

  /** Width of the vectors. */
  int width() {
    return vectors.length / pieces.size();
  }
}
