package org.zlens.repl.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * A line cut into words by the lexer, with the word that the cursor is in or behind.
 *
 * @param wordIndex the word at the cursor; an empty one stands there between blanks
 */
record InputLine(String line, int cursor, List<String> words, int wordIndex, int wordCursor)
    implements CompletingParsedLine {

  static InputLine of(String line, int cursor) {
    List<String> words = new ArrayList<>();
    int index = -1;
    int within = 0;
    for (Token token : Lexer.lex(line)) {
      int start = token.span().start();
      int end = token.span().end();
      if (index < 0 && (start >= cursor && !(start == cursor && isWord(token)) || end(token))) {
        index = words.size();
        words.add("");
      } else if (index < 0 && end >= cursor && isWord(token)) {
        index = words.size();
        within = cursor - start;
      }
      if (!end(token)) {
        words.add(line.substring(start, end));
      }
    }
    return new InputLine(line, cursor, words, index, within);
  }

  private static boolean end(Token token) {
    return token.kind() == TokenKind.END;
  }

  /** Whether typing on would make the token longer, so that a completion replaces it. */
  static boolean isWord(Token token) {
    return switch (token.kind()) {
      case WORD, QUOTED_WORD, KEYWORD, DOTTED, ADDRESS, VARIABLE, NUMBER, BAD -> true;
      default -> false;
    };
  }

  @Override
  public String word() {
    return words.get(wordIndex);
  }

  @Override
  public CharSequence escape(CharSequence candidate, boolean complete) {
    return candidate;
  }

  @Override
  public int rawWordCursor() {
    return wordCursor;
  }

  @Override
  public int rawWordLength() {
    return word().length();
  }
}
