package org.zlens.engine.dashboard;

import java.util.Arrays;

/**
 * The features that are most alike to one.
 *
 * @param features by falling likeness, of equals the lower first
 * @param values how alike each is
 */
public record Related(int[] features, float[] values) {
  /** Nothing is alike. */
  public static final Related NONE = new Related(new int[0], new float[0]);

  /** Keeps the best of what is offered, in any order. */
  static final class Best {
    private final int[] features;
    private final float[] values;
    private int size;

    Best(int count) {
      this.features = new int[count];
      this.values = new float[count];
    }

    /** The value that another must reach to be kept. */
    float least() {
      return size < values.length ? Float.NEGATIVE_INFINITY : values[size - 1];
    }

    void offer(int feature, float value) {
      int at = size;
      while (at > 0
          && (value > values[at - 1] || value == values[at - 1] && feature < features[at - 1])) {
        at--;
      }
      if (at == values.length) {
        return;
      }
      int moved = Math.min(size, values.length - 1) - at;
      System.arraycopy(features, at, features, at + 1, moved);
      System.arraycopy(values, at, values, at + 1, moved);
      features[at] = feature;
      values[at] = value;
      size = Math.min(size + 1, values.length);
    }

    void clear() {
      size = 0;
    }

    Related related() {
      return new Related(Arrays.copyOf(features, size), Arrays.copyOf(values, size));
    }
  }
}
