package org.zlens.dsl.command;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/**
 * A verb of the language: what it takes, and what it does. One instance serves all sessions, so a
 * command has no state of its own.
 *
 * <p>Failures are {@link org.zlens.engine.ZlensException}; the interpreter adds the place. Use
 * {@link Arguments#fault} to point at one argument.
 */
public interface Command {
  /** What it is called, takes and gives. */
  Signature signature();

  /**
   * Checks what can be checked before the script runs, and tells what will change.
   *
   * <p>The framework has already held each argument against the forecast. A command that changes
   * what later checks rely on (the model, the SAEs, the labels) must say so here, and forget what
   * it cannot know.
   */
  default void check(Arguments arguments, Forecast forecast) {}

  /** The kind of its result for these arguments. */
  default ValueKind resultKind(Arguments arguments, ValueKind input) {
    return signature().passes() ? input : signature().result();
  }

  /**
   * What could be typed for a parameter.
   *
   * @param written what stands between the verb and the cursor already, a token each
   * @param typed what there is of the argument
   */
  default List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    if (parameter.isFlag()) {
      return List.of();
    }
    return parameter.type() == Types.PATH
        ? FileCandidates.of(forecast, typed, file -> !Files.isDirectory(file))
        : parameter.type().candidates(forecast, typed);
  }

  /**
   * The columns of the table that is its result, where they are known before it runs; empty where
   * they are not. Later verbs of the pipeline are held against them.
   */
  default Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return signature().passes() ? arguments.inputColumns() : signature().columns();
  }

  /** Does it. Native memory that it opens is freed when it returns, except what it releases. */
  Value run(Arguments arguments, Session session);
}
