package org.zlens.dsl.session;

import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** Compares two values of expressions. */
final class Comparison {
  private Comparison() {}

  static boolean holds(Operator operator, Value left, Value right, Span span) {
    if (left == NothingValue.NOTHING || right == NothingValue.NOTHING) {
      // An element of a list; operands of an expression that are missing do not come here.
      return false;
    }
    if (left instanceof NumberValue a && right instanceof NumberValue b) {
      // NaN is less than, equal to and greater than nothing, as IEEE 754 has it.
      double x = a.value();
      double y = b.value();
      return switch (operator) {
        case EQUAL -> x == y;
        case NOT_EQUAL -> x != y;
        case LESS -> x < y;
        case LESS_OR_EQUAL -> x <= y;
        case GREATER -> x > y;
        default -> x >= y;
      };
    }
    if (isText(left) && isText(right)) {
      return ordered(operator, left.toString().compareTo(right.toString()));
    }
    if (left instanceof TruthValue && right instanceof TruthValue) {
      if (operator == Operator.EQUAL || operator == Operator.NOT_EQUAL) {
        return left.equals(right) == (operator == Operator.EQUAL);
      }
      throw new Fault(Kind.TYPE, span, "true and false have no order", null);
    }
    throw new Fault(
        Kind.TYPE,
        span,
        "cannot compare " + left.kind().phrase() + " with " + right.kind().phrase(),
        null);
  }

  /** Whether a value is one of a list; a missing one is in none. */
  static boolean isIn(Value value, Value list, Span span) {
    if (!(list instanceof ListValue all)) {
      throw new Fault(
          Kind.TYPE,
          span,
          "'in' takes a list or a column, found " + list.kind().phrase(),
          "template in [\"ABBA\", \"BABA\"], or layer in 0..3");
    }
    return all.values().stream().anyMatch(one -> holds(Operator.EQUAL, value, one, span));
  }

  static boolean isText(Value value) {
    return value instanceof TextValue || value instanceof AddressValue;
  }

  private static boolean ordered(Operator operator, int order) {
    return switch (operator) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }
}
