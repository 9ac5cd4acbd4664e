package org.zlens.dsl.session;

import java.util.Arrays;

/**
 * The numbers of a tensor in row-major order, and its shape.
 *
 * <p>The arrays are not copied; whoever makes one hands them over.
 */
public record TensorData(long[] shape, float[] values) {
  public TensorData {
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (count != values.length) {
      throw new IllegalArgumentException(
          values.length + " numbers do not fill the shape " + Arrays.toString(shape));
    }
  }

  /** The shape as {@code [2, 15, 128]}. */
  public String shapeText() {
    return Arrays.toString(shape);
  }
}
