package org.zlens.engine.sae;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The tensors of an SAE in the form in which it runs; whoever holds them owns them.
 *
 * @param wEnc {@code [d_in, d_sae]}
 * @param bEnc {@code [d_sae]}
 * @param decoder {@code [d_sae, d_out]}, as wide as the input but for a transcoder
 * @param bDec {@code [d_out]}
 * @param threshold {@code [d_sae]} that a pre-activation must exceed; null where there is none
 */
record SaeParameters(Tensor wEnc, Tensor bEnc, Decoder decoder, Tensor bDec, Tensor threshold)
    implements AutoCloseable {

  /**
   * Takes over the tensors of a file, whichever scope they belong to, and folds what can be folded:
   * the two paths of a gated SAE become one with a threshold, and the norms by which a rescaled
   * TopK SAE ranks go from its decoder to its encoder. The large matrices change in place.
   *
   * @throws ZlensException of kind DATA if the shapes do not fit each other
   */
  static SaeParameters of(SaeEncoder encoder, Tensor wEnc, Tensor bEnc, Tensor wDec, Tensor bDec) {
    return of(encoder, wEnc, bEnc, Decoder.of(wDec), bDec);
  }

  /** The same with decoder directions that may still be in their file. */
  static SaeParameters of(SaeEncoder encoder, Tensor wEnc, Tensor bEnc, Decoder wDec, Tensor bDec) {
    requireShapes(wEnc, bEnc, wDec.shape(), bDec);
    if (encoder instanceof SaeEncoder.TopK topK && topK.k() > wEnc.size(1)) {
      throw new ZlensException(
          Kind.DATA, "k is " + topK.k() + " of " + wEnc.size(1) + " features", null);
    }
    try (Scope scope = Scope.open()) {
      SaeParameters folded =
          encoder instanceof SaeEncoder.Gated gated
              ? gated(gated, wEnc, bEnc, wDec, bDec)
              : encoder instanceof SaeEncoder.TopK topK && topK.rescaled()
                  ? rescaled(wEnc, bEnc, wDec, bDec)
                  : encoder instanceof SaeEncoder.JumpRelu jump
                      ? new SaeParameters(
                          wEnc, bEnc, wDec, bDec, vector("threshold", jump.threshold(), bEnc))
                      : new SaeParameters(wEnc, bEnc, wDec, bDec, null);
      folded.tensors().forEach(Scope::release);
      folded.decoder.release();
      return folded;
    }
  }

  private static SaeParameters gated(
      SaeEncoder.Gated gated, Tensor wEnc, Tensor bEnc, Decoder wDec, Tensor bDec) {
    Tensor scale = vector("r_mag", gated.magnitudeLogScale(), bEnc).exp();
    float[] scales = scale.floats();
    for (float value : scales) {
      if (!(value >= Float.MIN_NORMAL) || Float.isInfinite(value)) {
        throw new ZlensException(
            Kind.DATA,
            "'r_mag' of a gated SAE holds a value whose exponential is " + value,
            "the scale of a magnitude must be a positive number");
      }
    }
    Kernels.run("multiply", List.of(wEnc), scale);
    Tensor magnitude = vector("b_mag", gated.magnitudeBias(), bEnc);
    Tensor threshold = magnitude.sub(scale.mul(vector("b_gate", gated.gateBias(), bEnc)));
    bEnc.close();
    return new SaeParameters(wEnc, magnitude, wDec, bDec, threshold);
  }

  private static SaeParameters rescaled(Tensor wEnc, Tensor bEnc, Decoder decoder, Tensor bDec) {
    Tensor wDec = decoder.all();
    Tensor norms = wDec.norm(1);
    Kernels.run("multiply", List.of(wEnc), norms);
    // A feature without a decoder direction stays silent instead of dividing by zero.
    Tensor divisor = norms.gt(0).where(norms, norms.mul(0).add(1));
    Kernels.run("divide", List.of(wDec), divisor.unsqueeze(1));
    Tensor scaled = bEnc.mul(norms);
    bEnc.close();
    return new SaeParameters(wEnc, scaled, decoder, bDec, null);
  }

  private static Tensor vector(String name, float[] values, Tensor like) {
    if (values.length != like.size(0)) {
      throw new ZlensException(
          Kind.DATA,
          name + " has " + values.length + " values for " + like.size(0) + " features",
          null);
    }
    return Tensor.of(values, values.length);
  }

  private static void requireShapes(Tensor wEnc, Tensor bEnc, long[] wDec, Tensor bDec) {
    if (wEnc.rank() != 2) {
      throw new ZlensException(
          Kind.DATA,
          "W_enc must be a matrix, but has shape " + Arrays.toString(wEnc.shape()),
          null);
    }
    long features = wEnc.size(1);
    long out = wDec.length == 2 ? wDec[1] : wEnc.size(0);
    requireShape("b_enc", bEnc.shape(), features);
    requireShape("W_dec", wDec, features, out);
    requireShape("b_dec", bDec.shape(), out);
  }

  private static void requireShape(String name, long[] found, long... shape) {
    if (!Arrays.equals(found, shape)) {
      throw new ZlensException(
          Kind.DATA,
          name
              + " has shape "
              + Arrays.toString(found)
              + " where W_enc asks for "
              + Arrays.toString(shape),
          null);
    }
  }

  /** The same function of vectors that are larger by a constant {@code [d_in]}. */
  SaeParameters shifted(float[] by, boolean centersInput) {
    try (Scope scope = Scope.open()) {
      Tensor shift = Tensor.of(by, by.length);
      Tensor moved = Scope.release(bDec.add(shift));
      Tensor encoder = bEnc;
      if (!centersInput) {
        encoder = Scope.release(bEnc.sub(shift.matmul(wEnc)));
        bEnc.close();
      }
      bDec.close();
      return new SaeParameters(wEnc, encoder, this.decoder, moved, threshold);
    }
  }

  /**
   * The same function of normalised vectors whose components are larger by a gain {@code [d_in]},
   * but for the mean of what it decodes: weights with a folded norm never read that, and those with
   * a gain would.
   */
  SaeParameters stretched(float[] gain, boolean centersInput) {
    try (Scope scope = Scope.open()) {
      Tensor factor = Tensor.of(gain, gain.length);
      Tensor encoder = bEnc;
      if (centersInput) {
        encoder = Scope.release(bEnc.sub(wEnc.sum(0L).mul(bDec.mean())));
        bEnc.close();
      }
      Kernels.run("center_rows", List.of(decoder.all(), bDec));
      Kernels.run("divide", List.of(wEnc), factor.unsqueeze(1));
      Kernels.run("multiply", List.of(decoder.all(), bDec), factor);
      return new SaeParameters(wEnc, encoder, decoder, bDec, threshold);
    }
  }

  private List<Tensor> tensors() {
    return threshold == null ? List.of(wEnc, bEnc, bDec) : List.of(wEnc, bEnc, bDec, threshold);
  }

  @Override
  public void close() {
    tensors().forEach(Tensor::close);
    decoder.close();
  }
}
