package org.zlens.engine.io;

import java.util.Arrays;

/**
 * What a file says of one tensor: its name, the type of its elements and its shape.
 *
 * @param name the name in the file
 * @param type the type of the stored elements
 * @param shape the sizes, outermost first; empty for a scalar
 */
public record TensorInfo(String name, ElementType type, long[] shape) {
  /** Copies the shape and checks that no size is negative and that the count fits 63 bits. */
  public TensorInfo {
    shape = shape.clone();
    countOf(shape);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The number of elements. */
  public long count() {
    return countOf(shape);
  }

  /** Whether the shape is exactly these sizes. */
  public boolean hasShape(long... sizes) {
    return Arrays.equals(shape, sizes);
  }

  /** The shape as {@code [48, 160]}. */
  public String shapeText() {
    return Arrays.toString(shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + type.hashCode()) + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return name + " " + type + " " + shapeText();
  }

  /** The product of the sizes; an ArithmeticException if one is negative or it overflows. */
  static long countOf(long[] shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new ArithmeticException("the shape " + Arrays.toString(shape) + " is negative");
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException e) {
        throw new ArithmeticException(
            "the shape " + Arrays.toString(shape) + " overflows a 64-bit count");
      }
    }
    return count;
  }
}
