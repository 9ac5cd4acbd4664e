package org.zlens.engine.model;

import java.util.Arrays;
import java.util.List;

/**
 * Some rows of a run, any of them and as often as wanted, and in each some positions side by side.
 *
 * @param rows rows of the run
 * @param first the first position of each
 * @param width number of positions, the same in all
 */
public record Window(int[] rows, int[] first, int width) {
  /** Checks that each row has a first position. */
  public Window {
    if (rows.length != first.length || width < 1) {
      throw new IllegalArgumentException(
          rows.length + " rows, " + first.length + " positions, width " + width);
    }
  }

  /** The rows of windows of one width, one after the other. */
  public static Window joined(List<Window> some) {
    int width = some.get(0).width;
    if (some.stream().anyMatch(window -> window.width != width)) {
      throw new IllegalArgumentException("windows of different widths");
    }
    int[] rows = some.stream().flatMapToInt(window -> Arrays.stream(window.rows)).toArray();
    int[] first = some.stream().flatMapToInt(window -> Arrays.stream(window.first)).toArray();
    return new Window(rows, first, width);
  }

  /** Number of rows. */
  public int size() {
    return rows.length;
  }

  /** Whether each position of this window is one of another of the same rows. */
  public boolean isIn(Window other) {
    for (int row = 0; row < first.length; row++) {
      int from = first[row] - other.first[row];
      if (from < 0 || from + width > other.width) {
        return false;
      }
    }
    return true;
  }

  boolean isUniform() {
    return Arrays.stream(first).distinct().count() <= 1;
  }

  /** The positions of this window counted from the first of another of the same rows. */
  Window within(Window outer) {
    int[] from = new int[first.length];
    Arrays.setAll(from, row -> first[row] - outer.first[row]);
    return new Window(rows, from, width);
  }
}
