package org.zlens.repl.terminal;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.zlens.dsl.session.Session;

/** Hands the line reader what {@link Completion} finds. */
final class InputCompleter implements Completer {
  private final Completion completion;

  InputCompleter(Session session) {
    this.completion = new Completion(session);
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    for (org.zlens.dsl.command.Candidate found : completion.at(line.line(), line.cursor())) {
      String summary = found.summary().isEmpty() ? null : found.summary();
      candidates.add(new Candidate(found.text(), found.text(), null, summary, null, null, true));
    }
  }
}
