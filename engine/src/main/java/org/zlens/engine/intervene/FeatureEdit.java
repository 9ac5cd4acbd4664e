package org.zlens.engine.intervene;

import org.zlens.engine.runtime.Tensor;

/**
 * A change to the activation of one feature at some places.
 *
 * @param feature index in its SAE
 * @param rule what becomes of the activation
 * @param value the factor, the new activation or what is added; not used by {@link Rule#ZERO}
 */
public record FeatureEdit(int feature, Rule rule, double value, Where where) {
  /** What becomes of an activation. */
  public enum Rule {
    /** It becomes zero; the feature must be active somewhere. */
    ZERO,
    /** It becomes the value, active or not. */
    PIN,
    /** It is multiplied by the value; the feature must be active somewhere. */
    SCALE,
    /** The value is added, active or not, which adds so much of the decoder direction. */
    ADD
  }

  /** Sets the activation to zero. */
  public static FeatureEdit zero(int feature, Where where) {
    return new FeatureEdit(feature, Rule.ZERO, 0, where);
  }

  /** Sets the activation to a value. */
  public static FeatureEdit pin(int feature, double value, Where where) {
    return new FeatureEdit(feature, Rule.PIN, value, where);
  }

  /** Multiplies the activation by a factor. */
  public static FeatureEdit scale(int feature, double factor, Where where) {
    return new FeatureEdit(feature, Rule.SCALE, factor, where);
  }

  /** Adds a value to the activation. */
  public static FeatureEdit add(int feature, double value, Where where) {
    return new FeatureEdit(feature, Rule.ADD, value, where);
  }

  /** Whether it does nothing where the feature is not active. */
  boolean needsActivity() {
    return rule == Rule.ZERO || rule == Rule.SCALE;
  }

  /** New activations. */
  Tensor apply(Tensor acts) {
    return switch (rule) {
      case ZERO -> acts.mul(0);
      case PIN -> acts.mul(0).add(value);
      case SCALE -> acts.mul(value);
      case ADD -> acts.add(value);
    };
  }

  /** New activation. */
  double apply(double activation) {
    return switch (rule) {
      case ZERO -> 0;
      case PIN -> value;
      case SCALE -> activation * value;
      case ADD -> activation + value;
    };
  }

  /** For example {@code zero L5.F7}. */
  String describe(String address) {
    return switch (rule) {
      case ZERO -> "zero " + address;
      case PIN -> "pin " + address + " to " + number();
      case SCALE -> "scale " + address + " by " + number();
      case ADD -> "steer " + address + " by " + number();
    };
  }

  private String number() {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString(Math.round(value))
        : Double.toString(value);
  }
}
