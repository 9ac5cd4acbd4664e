package org.zlens.dsl.syntax;

import java.util.List;

/** An expression: an argument of a call, the condition of {@code where}, an element of a list. */
public sealed interface Expression {
  Span span();

  /** A number as it was written, without a sign. */
  record NumberLiteral(Span span, String text) implements Expression {
    public double value() {
      return Double.parseDouble(text);
    }

    /** Whether it was written without a point and without an exponent. */
    public boolean isInteger() {
      return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  /** A string. */
  record Text(Span span, String value) implements Expression {}

  /** {@code true} or {@code false}. */
  record Truth(Span span, boolean value) implements Expression {}

  /** A bare word: what it names depends on the parameter that it is given to. */
  record Word(Span span, String text, boolean quoted) implements Expression {}

  /** Words joined by dots: a value and its field, a file name, a site at the model's top. */
  record Dotted(Span span, String text) implements Expression {}

  /** An address in the model. */
  record AddressLiteral(Span span, Address address) implements Expression {}

  /** {@code $name}, perhaps with fields. */
  record Variable(Span span, String text) implements Expression {}

  /** {@code f"layer {n}"}: a string that values are put into. */
  record Interpolated(Span span, List<Piece> pieces) implements Expression {
    public Interpolated {
      pieces = List.copyOf(pieces);
    }
  }

  /** {@code " Bob"#2}: where a string, with or without holes, occurs for the n-th time. */
  record Occurrence(Span span, Expression text, int number) implements Expression {}

  /** {@code [5, 17, 3]}. */
  record ListLiteral(Span span, List<Expression> elements) implements Expression {
    public ListLiteral {
      elements = List.copyOf(elements);
    }
  }

  /** {@code 0..5} or {@code L0..L3}, both ends included. */
  record Range(Span span, Expression from, Expression to) implements Expression {}

  /** {@code -x} or {@code not x}. */
  record Unary(Span span, Operator operator, Expression operand) implements Expression {}

  /** Two operands and what stands between them. */
  record Binary(Span span, Operator operator, Expression left, Expression right)
      implements Expression {}

  /** {@code max(last.delta)}. */
  record Function(Span span, String name, List<Expression> operands) implements Expression {
    public Function {
      operands = List.copyOf(operands);
    }
  }
}
