package org.zlens.engine.sae;

import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * What an SAE does to each vector before it encodes, and undoes after decoding: {@code u = (x -
 * mean) / divisor}, and back {@code x = u factor + mean}.
 *
 * <p>All three are numbers of the vector itself. Held fixed, as attributions hold them, they leave
 * the SAE linear in the vector.
 *
 * @param centers whether the mean over the vector's components is taken out and put back
 * @param normalization what the vector is divided by
 */
record InputFrame(boolean centers, InputNormalization normalization) {
  /** Vectors as they are. */
  static final InputFrame PLAIN = new InputFrame(false, InputNormalization.NONE);

  /** The frame of a file's setting. */
  static InputFrame of(InputNormalization normalization) {
    return new InputFrame(normalization == InputNormalization.LAYER_NORM, normalization);
  }

  /**
   * Vectors in an SAE's own units.
   *
   * @param input {@code [.., d_in]}, what is encoded
   * @param mean {@code [.., 1]}
   * @param divisor {@code [.., 1]}
   * @param factor {@code [.., 1]}, the divisor but for the small number that layer_norm adds to it
   */
  record Framed(Tensor input, Tensor mean, Tensor divisor, Tensor factor) {}

  boolean isPlain() {
    return equals(PLAIN);
  }

  /** Vectors {@code [.., d_in]} in the SAE's units. */
  Framed enter(Tensor x) {
    Tensor[] all = Kernels.callList("sae_frame", x, centers, normalization.ordinal());
    return new Framed(all[0], all[1], all[2], all[3]);
  }
}
