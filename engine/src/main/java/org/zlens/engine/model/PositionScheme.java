package org.zlens.engine.model;

/** How a model knows where its tokens stand. */
public sealed interface PositionScheme {
  /** A vector for each position, added to the embeddings. */
  record Learned() implements PositionScheme {}

  /**
   * Queries and keys are turned by angles that grow with the position, the first components of each
   * head in pairs: component {@code i} with component {@code i + width / 2}.
   *
   * @param base the slowest pair turns by about {@code 1 / base} a position
   * @param width how many components of a head turn; the rest stay as they are
   * @param stretch what was done to the angles for contexts longer than in training
   */
  record Rotary(double base, int width, RotaryStretch stretch) implements PositionScheme {
    /** Refuses what cannot be turned. */
    public Rotary {
      if (!(base > 1) || Double.isInfinite(base) || width < 2 || width % 2 != 0) {
        throw new IllegalArgumentException("rotary base " + base + ", width " + width);
      }
    }

    /** A rotation as it was first published. */
    public Rotary(double base, int width) {
      this(base, width, new RotaryStretch.None());
    }

    /** The angle a position of each pair, {@code [width / 2]}. */
    public float[] frequencies() {
      float[] frequencies = new float[width / 2];
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = (float) stretch.of(Math.pow(base, -2.0 * i / width));
      }
      return frequencies;
    }
  }
}
