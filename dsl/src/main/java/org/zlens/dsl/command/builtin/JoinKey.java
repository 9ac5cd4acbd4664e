package org.zlens.dsl.command.builtin;

import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.engine.ZlensException.Kind;

/** A column of each of two tables in which rows that belong together are equal. */
record JoinKey(Expression.Word left, Expression.Word right) {
  /** Reads {@code feature}, or {@code feature = unit} where the names differ. */
  static JoinKey read(Expression e) {
    if (NamedColumn.word(e) instanceof Expression.Word word) {
      return new JoinKey(word, word);
    }
    if (e instanceof Expression.Binary equation
        && equation.operator() == Operator.EQUAL
        && NamedColumn.word(equation.left()) instanceof Expression.Word left
        && NamedColumn.word(equation.right()) instanceof Expression.Word right) {
      return new JoinKey(left, right);
    }
    throw new Fault(
        Kind.TYPE,
        e.span(),
        "expected a column that both tables have",
        "on feature, or on feature = unit where their names differ");
  }
}
