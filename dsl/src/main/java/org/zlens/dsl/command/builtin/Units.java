package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Printer;

/** The unit of what is worked out of columns that have one. */
final class Units {
  private static final Set<String> KEEPING =
      Set.of("abs", "first", "max", "mean", "median", "min", "round", "sd", "sum");

  private Units() {}

  /** The unit of an expression, or null where it has none or it is another than a column's. */
  static String of(Expression e, Map<String, String> units) {
    if (e instanceof Expression.Word word) {
      return units.get(word.text());
    } else if (e instanceof Expression.Unary unary && unary.operator() == Operator.NEGATE) {
      return of(unary.operand(), units);
    } else if (e instanceof Expression.Function function) {
      return ofFunction(function, units);
    } else if (e instanceof Expression.Binary binary) {
      String left = of(binary.left(), units);
      String right = of(binary.right(), units);
      return switch (binary.operator()) {
        case PLUS, MINUS -> Objects.equals(left, right) ? left : null;
        case TIMES -> isNumber(binary.right()) ? left : isNumber(binary.left()) ? right : null;
        case DIVIDED_BY -> isNumber(binary.right()) ? left : null;
        default -> null;
      };
    }
    return null;
  }

  private static String ofFunction(Expression.Function function, Map<String, String> units) {
    String column = units.get(Printer.print(function));
    if (column != null || !KEEPING.contains(function.name()) || function.operands().isEmpty()) {
      return column;
    }
    List<Expression> operands =
        function.name().equals("round") ? function.operands().subList(0, 1) : function.operands();
    String first = of(operands.get(0), units);
    return operands.stream().allMatch(o -> Objects.equals(of(o, units), first)) ? first : null;
  }

  private static boolean isNumber(Expression e) {
    return e instanceof Expression.NumberLiteral
        || e instanceof Expression.Unary unary && isNumber(unary.operand());
  }
}
