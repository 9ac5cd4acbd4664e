package org.zlens.engine.intervene;

import org.zlens.engine.runtime.Tensor;

/**
 * A change to the activation of one feature at some places.
 *
 * @param feature index in its SAE
 * @param rule what becomes of the activation
 * @param value the factor or the new activation; not used by {@link Rule#ZERO}
 */
public record FeatureEdit(int feature, Rule rule, double value, Where where) {
  /** What becomes of an activation. */
  public enum Rule {
    /** It becomes zero; the feature must be active somewhere. */
    ZERO,
    /** It becomes the value, active or not. */
    PIN,
    /** It is multiplied by the value; the feature must be active somewhere. */
    SCALE
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

  /** Whether it does nothing where the feature is not active. */
  boolean needsActivity() {
    return rule != Rule.PIN;
  }

  /** New activations. */
  Tensor apply(Tensor acts) {
    return switch (rule) {
      case ZERO -> acts.mul(0);
      case PIN -> acts.mul(0).add(value);
      case SCALE -> acts.mul(value);
    };
  }

  /** For example {@code zero L5.F7}. */
  String describe(String address) {
    return switch (rule) {
      case ZERO -> "zero " + address;
      case PIN -> "pin " + address + " to " + value;
      case SCALE -> "scale " + address + " by " + value;
    };
  }
}
