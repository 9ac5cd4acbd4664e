package org.zlens.engine.io;

import java.util.Arrays;

/**
 * A view of a storage, checked to lie inside it.
 *
 * @param offset the element with all indices zero
 * @param strides in elements
 */
record TorchTensor(
    TorchStorage storage, ElementType type, long offset, long[] shape, long[] strides) {
  /** A broadcast view may repeat values up to this many; beyond it is an attack. */
  private static final long MOST_REPEATED = 1 << 24;

  private static final int MOST_AXES = 64;

  /** Checks the bounds; an ArithmeticException says what is wrong. */
  TorchTensor {
    if (shape.length != strides.length) {
      throw new ArithmeticException(
          "a tensor has " + shape.length + " sizes and " + strides.length + " strides");
    }
    if (shape.length > MOST_AXES) {
      throw new ArithmeticException("a tensor has " + shape.length + " axes");
    }
    long count = TensorInfo.countOf(shape);
    if (offset < 0) {
      throw new ArithmeticException("a tensor has the negative offset " + offset);
    }
    long last = offset;
    for (int axis = 0; axis < shape.length; axis++) {
      if (strides[axis] < 0) {
        throw new ArithmeticException(
            "a tensor has the negative stride " + Arrays.toString(strides));
      }
      if (count > 0) {
        try {
          last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        } catch (ArithmeticException e) {
          throw new ArithmeticException("the strides " + Arrays.toString(strides) + " overflow");
        }
      }
    }
    long available = storage.bytes() / type.bytes();
    if (count > 0 && last >= available) {
      throw new ArithmeticException(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " at offset "
              + offset
              + " reaches beyond its storage of "
              + available);
    }
    if (count > available && count > MOST_REPEATED) {
      throw new ArithmeticException(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " with stride "
              + Arrays.toString(strides)
              + " repeats a storage of "
              + available
              + " too often");
    }
  }

  /** The strides, or null if the elements lie in row-major order. */
  long[] stridesUnlessContiguous() {
    long[] expected = StrideWalk.contiguous(shape);
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] > 1 && strides[axis] != expected[axis]) {
        return strides;
      }
    }
    return null;
  }
}
