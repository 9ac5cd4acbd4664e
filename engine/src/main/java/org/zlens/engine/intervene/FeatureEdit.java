package org.zlens.engine.intervene;

import org.zlens.engine.runtime.Tensor;

/**
 * A change to the activation of one feature at some places.
 *
 * @param feature index in its SAE
 * @param rule what becomes of the activation
 * @param value the factor, the new activation or what is added; not used by {@link Rule#ZERO} and
 *     {@link Rule#REPLACE}
 * @param each the new activation at each place, for {@link Rule#REPLACE} alone
 */
public record FeatureEdit(int feature, Rule rule, double value, Where where, CellNumbers each) {
  /** What becomes of an activation. */
  public enum Rule {
    /** It becomes zero; the feature must be active somewhere. */
    ZERO,
    /** It becomes the value, active or not. */
    PIN,
    /** It is multiplied by the value; the feature must be active somewhere. */
    SCALE,
    /** The value is added, active or not, which adds so much of the decoder direction. */
    ADD,
    /** It becomes a number that each place has its own of, active or not. */
    REPLACE
  }

  /** Checks that numbers of their own come with the rule that takes them. */
  public FeatureEdit {
    if (rule == Rule.REPLACE != (each != null)) {
      throw new IllegalArgumentException("a number for each place goes with REPLACE alone");
    }
  }

  /** Sets the activation to zero. */
  public static FeatureEdit zero(int feature, Where where) {
    return new FeatureEdit(feature, Rule.ZERO, 0, where, null);
  }

  /** Sets the activation to a value. */
  public static FeatureEdit pin(int feature, double value, Where where) {
    return new FeatureEdit(feature, Rule.PIN, value, where, null);
  }

  /** Multiplies the activation by a factor. */
  public static FeatureEdit scale(int feature, double factor, Where where) {
    return new FeatureEdit(feature, Rule.SCALE, factor, where, null);
  }

  /** Adds a value to the activation. */
  public static FeatureEdit add(int feature, double value, Where where) {
    return new FeatureEdit(feature, Rule.ADD, value, where, null);
  }

  /** Sets the activation at each place to a number of its own. */
  static FeatureEdit replace(int feature, CellNumbers each, Where where) {
    return new FeatureEdit(feature, Rule.REPLACE, 0, where, each);
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
      case REPLACE -> each.all(acts.shape());
    };
  }

  /** New activation at a place. */
  double apply(double activation, long row, long position) {
    return switch (rule) {
      case ZERO -> 0;
      case PIN -> value;
      case SCALE -> activation * value;
      case ADD -> activation + value;
      case REPLACE -> each.at(row, position);
    };
  }

  /** For example {@code zero L5.F7}. */
  String describe(String address) {
    return switch (rule) {
      case ZERO -> "zero " + address;
      case PIN -> "pin " + address + " to " + number();
      case SCALE -> "scale " + address + " by " + number();
      case ADD -> "steer " + address + " by " + number();
      case REPLACE -> "replace " + address;
    };
  }

  private String number() {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString(Math.round(value))
        : Double.toString(value);
  }
}
