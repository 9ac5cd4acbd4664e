package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.AddressValue;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.TruthValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Span;

/** Values as a script would write them. */
final class Literals {
  private Literals() {}

  /** An expression that stands for a value, or null for one that cannot be written. */
  static Expression of(Value value, Span span) {
    if (value instanceof NumberValue number) {
      return of(number.value(), span);
    } else if (value instanceof TextValue text) {
      return new Expression.Text(span, text.text());
    } else if (value instanceof AddressValue address) {
      return new Expression.AddressLiteral(span, address.address());
    } else if (value instanceof TruthValue truth) {
      return new Expression.Truth(span, truth.value());
    } else if (value instanceof ListValue list) {
      return of(list, span);
    }
    return null;
  }

  private static Expression of(ListValue list, Span span) {
    List<Expression> elements = new ArrayList<>();
    for (Value value : list.values()) {
      Expression element = of(value, span);
      if (element == null) {
        return null;
      }
      elements.add(element);
    }
    return new Expression.ListLiteral(span, elements);
  }

  private static Expression of(double number, Span span) {
    if (!Double.isFinite(number)) {
      return null;
    }
    Expression literal = new Expression.NumberLiteral(span, digits(Math.abs(number)));
    return number < 0 ? new Expression.Unary(span, Operator.NEGATE, literal) : literal;
  }

  private static String digits(double size) {
    return size == Math.rint(size) && size < 1L << 53
        ? Long.toString((long) size)
        : Double.toString(size);
  }
}
