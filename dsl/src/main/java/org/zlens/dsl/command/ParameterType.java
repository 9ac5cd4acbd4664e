package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/** What an argument may be: how it is read, described and completed. See {@link Types}. */
public interface ParameterType<T> {
  /** What it wants, as errors say it: "a layer such as L5". */
  String expected();

  /**
   * Reads an argument.
   *
   * @return null if the expression has not the form of this type; the argument may then belong to
   *     another parameter
   * @throws org.zlens.dsl.diagnostic.Fault if the form is right and the content wrong
   */
  T read(Expression expression, Reading reading);

  /** Whether a variable of this kind can be given. */
  default boolean accepts(ValueKind kind) {
    return true;
  }

  /** What a Kotlin script gives for it. */
  default ArgumentForm form() {
    return ArgumentForm.LANGUAGE;
  }

  /** Whether it takes several, in brackets. */
  default boolean isList() {
    return false;
  }

  /** Whether words in it are the columns of the table that comes in. */
  default boolean isOverColumns() {
    return false;
  }

  /** What could be typed here. */
  default List<Candidate> candidates(Forecast forecast) {
    return List.of();
  }

  /** The same where a part of it is typed already and there is too much to offer all of it. */
  default List<Candidate> candidates(Forecast forecast, String typed) {
    return candidates(forecast);
  }
}
