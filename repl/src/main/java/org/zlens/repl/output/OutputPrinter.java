package org.zlens.repl.output;

import java.io.IOException;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;

/** Writes results in one format. */
public interface OutputPrinter {
  /** Writes one result, ended by a line feed. */
  void print(Value value, Provenance provenance, Page page) throws IOException;

  /** Whether notes may stand among the results, since a person reads them. */
  default boolean isForPeople() {
    return false;
  }
}
