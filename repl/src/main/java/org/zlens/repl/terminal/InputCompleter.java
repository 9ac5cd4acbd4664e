package org.zlens.repl.terminal;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.zlens.dsl.command.Completion;

/** Hands the line reader what the language of a line finds, in the order in which it is found. */
final class InputCompleter implements Completer {
  private final Languages languages;

  InputCompleter(Languages languages) {
    this.languages = languages;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    Completion found = languages.of(line.line()).complete(line.line().substring(0, line.cursor()));
    int place = 0;
    for (org.zlens.dsl.command.Candidate one : found.candidates()) {
      String summary = one.summary().isEmpty() ? null : one.summary();
      candidates.add(
          new Candidate(one.text(), one.text(), null, summary, null, null, one.isWhole(), ++place));
    }
  }
}
