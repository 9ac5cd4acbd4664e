package org.zlens.dsl.study;

import java.util.Optional;
import java.util.OptionalDouble;
import org.zlens.dsl.session.NumberValue;

/**
 * What a number should be: near a value, or within bounds.
 *
 * @param value what it should be, if one number is given
 * @param within how far it may be from that
 * @param above what it must exceed
 * @param below what it must stay under
 * @param source where a published number stands
 */
public record Expectation(
    OptionalDouble value,
    double within,
    OptionalDouble above,
    OptionalDouble below,
    Optional<String> source) {
  /** Of a number that is published of no model. */
  static final Expectation NONE =
      new Expectation(
          OptionalDouble.empty(),
          0,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty());

  /** Whether it says what the number should be. */
  public boolean isKnown() {
    return value.isPresent() || above.isPresent() || below.isPresent();
  }

  /** Whether a number is what it should be. */
  public boolean holds(double number) {
    return (value.isEmpty() || Math.abs(number - value.getAsDouble()) <= within)
        && (above.isEmpty() || number > above.getAsDouble())
        && (below.isEmpty() || number < below.getAsDouble());
  }

  /** What it should be, in a few words; no words where nothing is known. */
  public String phrase() {
    if (!isKnown()) {
      return "";
    }
    if (value.isPresent()) {
      String near = within > 0 ? " ± " + NumberValue.format(within) : "";
      return NumberValue.format(value.getAsDouble()) + near;
    }
    if (above.isPresent() && below.isPresent()) {
      return "between " + text(above) + " and " + text(below);
    }
    return above.isPresent() ? "above " + text(above) : "below " + text(below);
  }

  private static String text(OptionalDouble number) {
    return NumberValue.format(number.getAsDouble());
  }
}
