package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.HeadAblation.Fill;

/** What stands in the place of an ablated head. */
final class HeadFill {
  static final Parameter<Boolean> MEAN =
      Parameter.flag("mean", "a head becomes its mean over the prompts, as without either word");

  static final Parameter<Boolean> ZERO = Parameter.flag("zero", "a head becomes zero");

  private HeadFill() {}

  static void check(Arguments arguments) {
    if (arguments.get(MEAN) && arguments.get(ZERO)) {
      throw arguments.fault(ZERO, Kind.USAGE, "a head becomes its mean or zero, not both", null);
    }
  }

  static Fill of(Arguments arguments) {
    return arguments.get(ZERO) ? Fill.ZERO : Fill.MEAN;
  }

  static String note(Fill fill) {
    return fill == Fill.ZERO
        ? "ablated heads are zero"
        : "ablated heads are their mean over all prompts and positions";
  }
}
