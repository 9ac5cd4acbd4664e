package org.zlens.engine.model;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * A window as tensors that pick it from a run; they belong to the scope in which it was made.
 *
 * @param rows rows of the run {@code [row]}
 * @param numbers numbers of the window's own rows {@code [row, 1]}
 * @param positions {@code [row, pos]}; of one row alone where all have the same
 */
record Picked(Tensor rows, Tensor numbers, Tensor positions) {
  static Picked of(Window window) {
    long[] rows = Arrays.stream(window.rows()).asLongStream().toArray();
    int[] first = window.isUniform() ? new int[] {window.first()[0]} : window.first();
    long[] positions = new long[first.length * window.width()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = first[i / window.width()] + i % window.width();
    }
    return new Picked(
        Tensor.of(rows, rows.length),
        Tensor.of(LongStream.range(0, rows.length).toArray(), rows.length, 1),
        Tensor.of(positions, first.length, window.width()));
  }

  /** Values {@code [row, pos, ..]} of the window from those of the run. */
  Tensor of(Tensor run) {
    return Kernels.call("take_window", run, rows.unsqueeze(1), positions);
  }

  /** The run's values in these rows, with others {@code [row, pos, ..]} in the window's places. */
  Tensor over(Tensor run, Tensor values) {
    return Kernels.call("put_window", run, rows, numbers, positions, values);
  }

  /** This part of values {@code [row, pos, ..]} that have rows of the same numbers. */
  Tensor take(Tensor values) {
    return Kernels.call("take_window", values, numbers, positions);
  }

  /** Values {@code [row, pos, ..]} with others in the places of this part. */
  Tensor put(Tensor values, Tensor part) {
    return Kernels.call("put_places", values, numbers, positions, part);
  }
}
