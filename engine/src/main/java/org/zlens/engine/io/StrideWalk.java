package org.zlens.engine.io;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Visits the elements of a strided tensor in the order in which they lie in the file. The tensor
 * must have at least one element.
 */
final class StrideWalk {
  private final long[] sizes;
  private final long[] strides;

  /** Distance in the row-major order of the result of neighbours along each axis. */
  private final long[] steps;

  private final long[] position;
  private long index;
  private long offset;

  StrideWalk(long[] shape, long[] strides) {
    int rank = shape.length;
    long[] rowMajor = contiguous(shape);
    int[] axes =
        IntStream.range(0, rank)
            .boxed()
            .sorted(Comparator.comparingLong((Integer axis) -> -strides[axis]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.sizes = Arrays.stream(axes).mapToLong(axis -> shape[axis]).toArray();
    this.strides = Arrays.stream(axes).mapToLong(axis -> strides[axis]).toArray();
    this.steps = Arrays.stream(axes).mapToLong(axis -> rowMajor[axis]).toArray();
    this.position = new long[rank];
  }

  /** The strides of a row-major tensor of this shape. */
  static long[] contiguous(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape[axis];
    }
    return strides;
  }

  /** The row-major index of the present element. */
  long index() {
    return index;
  }

  /** Where the present element lies, in elements from the first. */
  long offset() {
    return offset;
  }

  /** Steps to the next element; false after the last. */
  boolean next() {
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      position[axis]++;
      index += steps[axis];
      offset += strides[axis];
      if (position[axis] < sizes[axis]) {
        return true;
      }
      index -= steps[axis] * sizes[axis];
      offset -= strides[axis] * sizes[axis];
      position[axis] = 0;
    }
    return false;
  }
}
