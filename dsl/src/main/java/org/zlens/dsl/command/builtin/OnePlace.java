package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Types;
import org.zlens.engine.ZlensException.Kind;

/** The one position of each prompt that an attribution explains. */
final class OnePlace {
  private OnePlace() {}

  /** {@code at S2}; the last token without it. */
  static Parameter<Position> at(String summary) {
    return Parameter.after("at", "position", Types.POSITION, summary).optional();
  }

  /** Refuses what is more than one position, as far as that is known before the run. */
  static void check(Arguments arguments, Parameter<Position> at) {
    if (arguments.isKnown(at)
        && arguments.find(at).filter(Position.All.class::isInstance).isPresent()) {
      throw arguments.fault(
          at, Kind.TYPE, "expected one position, found 'ALL'", "such as S2, END-1 or 7");
    }
  }
}
