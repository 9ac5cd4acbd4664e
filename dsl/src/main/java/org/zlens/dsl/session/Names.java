package org.zlens.dsl.session;

import java.util.function.Supplier;
import org.zlens.dsl.syntax.Expression;

/** What the names in an expression stand for. */
public interface Names {
  /** The value of a bare word, or null when it names nothing here. */
  Value word(String name);

  /** The value of {@code $name}, or null when there is none. */
  Value variable(String name);

  /**
   * The value of a whole dotted name or address taken as a name, or null; tables may have such
   * columns.
   */
  default Value whole(Supplier<String> text) {
    return null;
  }

  /**
   * What a function of one operand, such as {@code mean(delta)}, makes of all rows where names are
   * cells of one row, or null where they are not.
   *
   * @param operand works the operand out for the row that names stand for at the time
   */
  default Value aggregate(Expression.Function function, Supplier<Value> operand) {
    return null;
  }

  /** Names that are near to one that was not found, as a hint, or null. */
  default String hint(String name) {
    return null;
  }
}
