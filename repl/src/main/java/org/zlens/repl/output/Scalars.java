package org.zlens.repl.output;

import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Value;

/** Values that are no tables, as one text. */
final class Scalars {
  private Scalars() {}

  /** The value with its unit, where it has one. */
  static String withUnit(Value value) {
    return value instanceof NumberValue number && number.unit() != null
        ? number + " " + number.unit()
        : text(value);
  }

  /** The value alone. */
  static String text(Value value) {
    return value instanceof PageValue page ? page.path().toString() : value.toString();
  }
}
