package org.zlens.repl.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * Colours a line by the tokens of the lexer and the words of the signatures; from the first thing
 * that the parser or the binder refuses on, all is red.
 */
final class CommandColors {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  private static final AttributedStyle WRONG = PLAIN.foreground(AttributedStyle.RED);
  private static final AttributedStyle VERB = PLAIN.foreground(AttributedStyle.CYAN).bold();
  private static final AttributedStyle WORD = PLAIN.foreground(AttributedStyle.CYAN);
  private static final AttributedStyle KEYWORD = PLAIN.bold();
  private static final AttributedStyle ADDRESS = PLAIN.foreground(AttributedStyle.BLUE).bold();
  private static final AttributedStyle TEXT = PLAIN.foreground(AttributedStyle.GREEN);
  private static final AttributedStyle NUMBER = PLAIN.foreground(AttributedStyle.MAGENTA);
  private static final AttributedStyle VARIABLE = PLAIN.foreground(AttributedStyle.YELLOW);
  private static final AttributedStyle COMMENT = PLAIN.faint();

  private final Session session;
  private final Registry registry;
  private final FirstMistake mistakes;

  CommandColors(Session session, LongSupplier clock) {
    this.session = session;
    this.registry = session.registry();
    this.mistakes = new FirstMistake(session, clock);
  }

  AttributedString of(String line) {
    List<Token> tokens = Lexer.lex(line);
    List<AttributedStyle> styles = styles(tokens);
    int wrong = mistakes.in(line);
    AttributedStringBuilder out = new AttributedStringBuilder();
    int at = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      // Before an open hole stands the text that the hole is in.
      String gap = line.substring(at, token.span().start());
      out.append(gap, isOpenText(token) ? TEXT : PLAIN);
      int end = token.span().end();
      int red = Math.min(Math.max(wrong, token.span().start()), end);
      out.append(line.substring(token.span().start(), red), styles.get(i));
      out.append(line.substring(red, end), WRONG);
      at = end;
    }
    return out.append(line.substring(at), PLAIN).toAttributedString();
  }

  private List<AttributedStyle> styles(List<Token> tokens) {
    List<AttributedStyle> styles = new ArrayList<>();
    boolean starts = true;
    List<String> words = List.of();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      AttributedStyle style = style(token, words);
      if (starts && token.kind() == TokenKind.WORD) {
        String first = token.value();
        String second = tokens.get(i + 1).kind() == TokenKind.WORD ? tokens.get(i + 1).value() : "";
        Optional<Command> pair = registry.find(first + " " + second);
        Optional<Command> command = pair.isPresent() ? pair : registry.find(first);
        words = command.map(c -> c.signature().words()).orElse(List.of());
        style = verb(first);
        if (pair.isPresent()) {
          styles.add(style);
          i++;
        }
        starts = false;
      } else if (startsStage(tokens, i)) {
        starts = true;
        words = List.of();
      } else if (token.kind() != TokenKind.COMMENT) {
        starts &= token.kind() == TokenKind.RIGHT_BRACE;
      }
      styles.add(style);
    }
    return styles;
  }

  private AttributedStyle style(Token token, List<String> words) {
    return switch (token.kind()) {
      case WORD -> {
        if (words.contains(token.value())) {
          yield WORD;
        }
        yield session.variables().containsKey(token.value()) ? VARIABLE : PLAIN;
      }
      case KEYWORD -> KEYWORD;
      case ADDRESS -> ADDRESS;
      case STRING, INTERPOLATED, OCCURRENCE, QUOTED_WORD -> TEXT;
      case NUMBER -> NUMBER;
      case VARIABLE -> VARIABLE;
      case COMMENT -> COMMENT;
      // A text that is being typed has no end yet; anything else is red where nothing can mend it.
      case BAD -> isOpenText(token) ? TEXT : PLAIN;
      default -> PLAIN;
    };
  }

  private static boolean isOpenText(Token token) {
    return token.kind() == TokenKind.BAD
        && (token.value().contains("has no closing") || token.value().contains("is not closed"));
  }

  /** The colour of a word where a verb may stand. */
  private AttributedStyle verb(String word) {
    for (String verb : registry.verbs()) {
      if (verb.equals(word) || verb.startsWith(word + " ")) {
        return VERB;
      }
    }
    return session.variables().containsKey(word) ? VARIABLE : PLAIN;
  }

  private static boolean startsStage(List<Token> tokens, int i) {
    return switch (tokens.get(i).kind()) {
      case NEWLINE, SEMICOLON, PIPE, LEFT_BRACE -> true;
      case KEYWORD -> tokens.get(i).value().equals(Keyword.WITH);
      case COMMA -> isBetweenEdits(tokens, i);
      case OPERATOR -> i >= 2 && tokens.get(i - 2).is(TokenKind.KEYWORD, Keyword.LET);
      default -> false;
    };
  }

  /** Whether a comma stands between the edits of {@code with} and not in a list. */
  private static boolean isBetweenEdits(List<Token> tokens, int comma) {
    int open = 0;
    for (int i = comma - 1; i >= 0 && open >= 0; i--) {
      switch (tokens.get(i).kind()) {
        case RIGHT_BRACKET, RIGHT_PARENTHESIS -> open++;
        case LEFT_BRACKET, LEFT_PARENTHESIS -> open--;
        case LEFT_BRACE, RIGHT_BRACE, SEMICOLON -> open = -1;
        case KEYWORD -> {
          if (tokens.get(i).value().equals(Keyword.WITH)) {
            return open == 0;
          }
        }
        default -> {}
      }
    }
    return false;
  }
}
