package org.zlens.repl.terminal;

import java.util.List;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/** Colours a line by the tokens of the lexer; from the first thing that is wrong on, all is red. */
final class InputHighlighter implements Highlighter {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  private static final AttributedStyle WRONG = PLAIN.foreground(AttributedStyle.RED);
  private static final AttributedStyle VERB = PLAIN.foreground(AttributedStyle.CYAN).bold();
  private static final AttributedStyle ADDRESS = PLAIN.foreground(AttributedStyle.BLUE);
  private static final AttributedStyle TEXT = PLAIN.foreground(AttributedStyle.GREEN);
  private static final AttributedStyle NUMBER = PLAIN.foreground(AttributedStyle.MAGENTA);
  private static final AttributedStyle VARIABLE = PLAIN.foreground(AttributedStyle.YELLOW);
  private static final AttributedStyle COMMENT = PLAIN.faint();

  private final Registry registry;
  private final boolean color;

  InputHighlighter(Registry registry, boolean color) {
    this.registry = registry;
    this.color = color;
  }

  @Override
  public AttributedString highlight(LineReader reader, String line) {
    if (!color) {
      return new AttributedString(line);
    }
    int wrong = firstError(line);
    AttributedStringBuilder out = new AttributedStringBuilder();
    int at = 0;
    boolean starts = true;
    List<Token> tokens = Lexer.lex(line);
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      out.append(line.substring(at, token.span().start()), PLAIN);
      AttributedStyle style = token.span().start() >= wrong ? WRONG : style(tokens, i, starts);
      out.append(line.substring(token.span().start(), token.span().end()), style);
      at = token.span().end();
      starts = startsStage(tokens, i, starts);
    }
    return out.append(line.substring(at), PLAIN).toAttributedString();
  }

  /** Where the first syntax error starts; beyond the end if there is none or only an open one. */
  private static int firstError(String line) {
    try {
      Parser.parse(new SourceText("", line));
      return Integer.MAX_VALUE;
    } catch (SyntaxException e) {
      return e.incomplete() ? Integer.MAX_VALUE : e.span().start();
    }
  }

  private AttributedStyle style(List<Token> tokens, int i, boolean starts) {
    Token token = tokens.get(i);
    return switch (token.kind()) {
      case WORD -> starts ? verb(tokens, i) : PLAIN;
      case KEYWORD -> PLAIN.bold();
      case ADDRESS -> ADDRESS;
      case STRING, INTERPOLATED, OCCURRENCE, QUOTED_WORD -> TEXT;
      case NUMBER -> NUMBER;
      case VARIABLE -> VARIABLE;
      case COMMENT -> COMMENT;
      case BAD -> WRONG;
      default -> PLAIN;
    };
  }

  /** A verb that nobody knows is wrong, unless it could still become one that somebody knows. */
  private AttributedStyle verb(List<Token> tokens, int i) {
    String word = tokens.get(i).value();
    boolean last = tokens.get(i + 1).kind() == TokenKind.END && !tokens.get(i + 1).spaced();
    for (String verb : registry.verbs()) {
      if (verb.equals(word) || verb.startsWith(word + " ")) {
        return VERB;
      }
    }
    return last && registry.verbs().stream().anyMatch(v -> v.startsWith(word)) ? PLAIN : WRONG;
  }

  private static boolean startsStage(List<Token> tokens, int i, boolean starts) {
    return switch (tokens.get(i).kind()) {
      case NEWLINE, SEMICOLON, PIPE -> true;
      case COMMENT -> starts;
      case OPERATOR -> i >= 2 && tokens.get(i - 2).is(TokenKind.KEYWORD, Keyword.LET);
      default -> false;
    };
  }
}
