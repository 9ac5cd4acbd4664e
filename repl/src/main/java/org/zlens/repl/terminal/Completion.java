package org.zlens.repl.terminal;

import java.util.List;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.session.Session;

/** What could be typed at a place of a line, with what the session holds at this moment. */
final class Completion {
  private final Session session;

  Completion(Session session) {
    this.session = session;
  }

  /** Candidates for the word that the cursor is in or behind, whatever has been typed of it. */
  List<Candidate> at(String line, int cursor) {
    return new Completer(session.registry(), session.forecast())
        .complete(line.substring(0, cursor))
        .candidates();
  }
}
