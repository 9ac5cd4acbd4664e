package org.zlens.repl.terminal;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line reader whether a line is whole, by the grammar of its language. */
final class InputParser implements Parser {
  private final Languages languages;

  InputParser(Languages languages) {
    this.languages = languages;
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    LineLanguage language = languages.of(line);
    boolean asks = context == ParseContext.ACCEPT_LINE || context == ParseContext.SECONDARY_PROMPT;
    if (asks && language.isOpen(line)) {
      throw new EOFError(-1, -1, "the entry goes on");
    }
    return InputLine.of(line, cursor, language.wordStart(line.substring(0, cursor)));
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }
}
