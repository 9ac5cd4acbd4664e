package org.zlens.dsl.session;

import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;

/**
 * Hears of each statement that a session is given, as it begins and ends. Statements inside loops,
 * blocks and other scripts are part of the one that holds them.
 */
public interface StatementListener {
  /** A statement is about to run. */
  default void onStart(Statement statement, SourceText source) {}

  /** A value was shown or named while the statement ran; in loops and scripts there are several. */
  default void onValue(Value value) {}

  /** A Kotlin script printed a piece of text while the statement ran. */
  default void onPrint(String text) {}

  /** The statement has run. */
  default void onEnd(Statement statement, SourceText source) {}

  /**
   * It has not run to its end.
   *
   * @param text the statement; the whole script where its check failed and nothing ran
   */
  default void onFailure(String text, Diagnostic failure) {}
}
