package org.zlens.dsl.session;

import java.util.List;
import org.zlens.dsl.command.Forecast;

/** An object that commands set up for those after them; kept in a {@link Slot}. */
public interface SessionObject extends AutoCloseable {
  /** Tells what checks before a run can know from this object, such as the number of layers. */
  default void foretell(Forecast forecast) {}

  /** What goes into the provenance of every result while this object is current. */
  default List<ProvenanceInput> inputs() {
    return List.of();
  }

  /** Sentences to show below the result of a command that ran with this object, once. */
  default List<String> remarks() {
    return List.of();
  }

  /**
   * What tells this object from any other of its slot, for results that are kept; objects that give
   * nothing are told apart by being others.
   */
  default List<ProvenanceInput> content() {
    return inputs();
  }

  /** Whether results hang on it; what only remembers, such as how long runs took, changes none. */
  default boolean shapesResults() {
    return true;
  }

  /** Whether it must see every run of the model, so that no earlier result may stand for one. */
  default boolean mustSeeRuns() {
    return false;
  }

  /** Frees what it holds; called when another takes its slot and when the session ends. */
  @Override
  default void close() {}
}
