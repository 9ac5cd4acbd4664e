package org.zlens.dsl.syntax;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The operators of expressions, from the loosest to the tightest. */
public enum Operator {
  OR("or", 1),
  AND("and", 2),
  NOT("not", 3),
  EQUAL("=", 4),
  NOT_EQUAL("!=", 4),
  LESS("<", 4),
  LESS_OR_EQUAL("<=", 4),
  GREATER(">", 4),
  GREATER_OR_EQUAL(">=", 4),
  IN("in", 4),
  CONTAINS("contains", 4),
  MATCHES("matches", 4),
  PLUS("+", 6),
  MINUS("-", 6),
  TIMES("*", 7),
  DIVIDED_BY("/", 7),
  MODULO("%", 7),
  NEGATE("-", 8);

  /** How tightly {@code ..} binds: between comparisons and sums. */
  static final int RANGE_PRECEDENCE = 5;

  private final String sign;
  private final int precedence;

  private static final Map<String, Operator> BINARY =
      Arrays.stream(values())
          .filter(operator -> operator != NEGATE && operator != NOT)
          .collect(Collectors.toUnmodifiableMap(Operator::sign, operator -> operator));

  Operator(String sign, int precedence) {
    this.sign = sign;
    this.precedence = precedence;
  }

  public String sign() {
    return sign;
  }

  int precedence() {
    return precedence;
  }

  public boolean isComparison() {
    return precedence == EQUAL.precedence;
  }

  /** The operator of two operands with this sign, or null. */
  static Operator binary(String sign) {
    return BINARY.get(sign);
  }

  /** Whether this sign or word compares two operands. */
  static boolean compares(String sign) {
    Operator operator = binary(sign);
    return operator != null && operator.isComparison();
  }
}
