package org.zlens.engine.model;

/** How rotation angles are slowed down for contexts longer than in training. */
public sealed interface RotaryStretch {
  /** The frequency in the place of one of a plain rotation. */
  double of(double frequency);

  /** Not at all. */
  record None() implements RotaryStretch {
    @Override
    public double of(double frequency) {
      return frequency;
    }
  }

  /** All alike. */
  record Linear(double factor) implements RotaryStretch {
    @Override
    public double of(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * The slow ones alone, as Llama 3 has it: full from some wavelength on, none below another, and
   * in between a mixture.
   *
   * @param slow waves longer than the context in training over this are stretched in full
   * @param fast waves shorter than the context in training over this are not
   * @param context positions in training
   */
  record SlowOnly(double factor, double slow, double fast, int context) implements RotaryStretch {
    @Override
    public double of(double frequency) {
      double turns = context * frequency / (2 * Math.PI);
      double share = Math.min(1, Math.max(0, (turns - slow) / (fast - slow)));
      return share * frequency + (1 - share) * frequency / factor;
    }
  }
}
