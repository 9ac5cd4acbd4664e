package org.zlens.dsl.syntax;

/** A part of a string that values are put into. */
public sealed interface Piece {
  /** Text as it stands. */
  record Literal(String text) implements Piece {}

  /**
   * {@code {last.delta:.3f}}: a place that a value is put into.
   *
   * @param format how a number is written, as in Python ({@code .3f}, {@code +.2e}, {@code .4g},
   *     {@code .1%}), or null: then as results show it
   */
  record Hole(Span span, Expression expression, String format) implements Piece {}
}
