package org.zlens.engine.attribute;

import java.util.stream.IntStream;
import org.zlens.engine.runtime.Tensor;

/**
 * What parts of the stream add to a number with patterns, norm scales and an SAE's own norm held
 * fixed.
 *
 * @param numbers {@code [n]}
 * @param sizes of the products that each is the sum of, {@code [n]}: its rounding is a part of that
 */
public record Frozen(double[] numbers, double[] sizes) {
  /**
   * What one direction reads of some parts.
   *
   * @param parts {@code [n, d]}
   * @param direction {@code [d]}
   */
  static Frozen along(Tensor parts, Tensor direction) {
    double size = Readout.norm(direction.floats());
    double[] lengths = parts.norm(-1).toDoubles().doubles();
    return new Frozen(
        parts.matmul(direction).toDoubles().doubles(),
        IntStream.range(0, lengths.length).mapToDouble(i -> lengths[i] * size).toArray());
  }
}
