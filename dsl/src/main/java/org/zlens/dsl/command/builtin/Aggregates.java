package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.syntax.Expression;

/** The functions within an expression that make one value of many rows. */
final class Aggregates {
  private Aggregates() {}

  /** The outermost ones, from the left. */
  static List<Expression.Function> in(Expression e) {
    List<Expression.Function> found = new ArrayList<>();
    collect(e, found);
    return found;
  }

  private static void collect(Expression e, List<Expression.Function> found) {
    if (e instanceof Expression.Function function) {
      if (Functions.isAggregate(function)) {
        found.add(function);
      } else {
        function.operands().forEach(operand -> collect(operand, found));
      }
    } else if (e instanceof Expression.Unary unary) {
      collect(unary.operand(), found);
    } else if (e instanceof Expression.Binary binary) {
      collect(binary.left(), found);
      collect(binary.right(), found);
    } else if (e instanceof Expression.Interpolated string) {
      ColumnNames.holes(string).forEach(hole -> collect(hole, found));
    } else if (e instanceof Expression.ListLiteral list) {
      list.elements().forEach(element -> collect(element, found));
    }
  }
}
