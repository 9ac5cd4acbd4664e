package org.zlens.dsl.session;

import org.zlens.dsl.syntax.Statement;

/** Hears what a session has to say; the faces show it, each in its way. */
public interface ResultListener {
  /** A value to show. {@code provenance} says how it came to be. */
  void onValue(Statement statement, Value value, Provenance provenance);

  /** A sentence beside the results: "wrote heads.csv (32 rows)". */
  default void onNote(String note) {}

  /** A piece of text that a Kotlin script prints, as it stands. */
  default void onPrint(String text) {}

  /** How far a long command is; {@code total} is 0 when it cannot be known. */
  default void onProgress(String what, long done, long total) {}

  /** Hears nothing. */
  static ResultListener none() {
    return (statement, value, provenance) -> {};
  }
}
