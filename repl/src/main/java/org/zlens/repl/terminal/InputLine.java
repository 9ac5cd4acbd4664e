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

  /**
   * @param start where the word at the cursor begins, as far as its language cares
   */
  static InputLine of(String line, int cursor, int start) {
    List<String> words = new ArrayList<>();
    List<Token> tokens = Lexer.lex(line);
    int end = cursor;
    for (Token token : tokens) {
      if (token.span().start() < cursor && isWord(token)) {
        end = Math.max(end, token.span().end());
      }
    }
    int index = -1;
    for (Token token : tokens) {
      if (index < 0 && (token.span().start() >= start || end(token))) {
        index = words.size();
        words.add(line.substring(start, end));
      }
      if (!end(token) && (token.span().start() < start || token.span().start() >= end)) {
        words.add(line.substring(token.span().start(), token.span().end()));
      }
    }
    return new InputLine(line, cursor, words, index, cursor - start);
  }

  private static boolean end(Token token) {
    return token.kind() == TokenKind.END;
  }

  /** Whether typing on would make the token longer, so that a completion replaces it. */
  private static boolean isWord(Token token) {
    return switch (token.kind()) {
      case WORD, QUOTED_WORD, KEYWORD, DOTTED, ADDRESS, VARIABLE, NUMBER, STRING -> true;
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
