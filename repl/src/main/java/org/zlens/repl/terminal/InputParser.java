package org.zlens.repl.terminal;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.SyntaxException;

/** Tells the line reader whether a line is whole, by the grammar itself. */
final class InputParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE || context == ParseContext.SECONDARY_PROMPT) {
      try {
        org.zlens.dsl.syntax.Parser.parse(new SourceText("", line));
      } catch (SyntaxException e) {
        if (e.incomplete()) {
          throw new EOFError(-1, -1, e.getMessage());
        }
      }
    }
    return InputLine.of(line, cursor);
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }
}
