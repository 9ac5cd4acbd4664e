package org.zlens.engine.intervene;

import java.util.HashMap;
import java.util.Map;
import org.zlens.engine.runtime.Tensor;

/** A number for each of some listed places of a batch. */
final class CellNumbers {
  private final float[] numbers;
  private final Map<Long, Integer> index = new HashMap<>();

  CellNumbers(Cells places, float[] numbers) {
    if (places.size() != numbers.length) {
      throw new IllegalArgumentException(numbers.length + " numbers for " + places.size());
    }
    this.numbers = numbers;
    for (int i = 0; i < numbers.length; i++) {
      index.put(key(places.row()[i], places.position()[i]), i);
    }
  }

  private static long key(long row, long position) {
    return row << 32 | position;
  }

  /** The number at a place. */
  float at(long row, long position) {
    return numbers[index.get(key(row, position))];
  }

  /** All of them in the order of the places. */
  Tensor all(long... shape) {
    return Tensor.of(numbers, shape);
  }
}
