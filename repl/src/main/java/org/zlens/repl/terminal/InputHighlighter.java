package org.zlens.repl.terminal;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;

/** Shows a line in the colours of its language. */
final class InputHighlighter implements Highlighter {
  private final Languages languages;
  private final boolean color;

  InputHighlighter(Languages languages, boolean color) {
    this.languages = languages;
    this.color = color;
  }

  @Override
  public AttributedString highlight(LineReader reader, String line) {
    return color ? languages.of(line).highlight(line) : new AttributedString(line);
  }
}
