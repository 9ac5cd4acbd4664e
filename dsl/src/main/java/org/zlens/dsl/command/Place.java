package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * The place at the end of a text: the word that is being typed there, and the stage that it belongs
 * to.
 *
 * @param start where the word begins
 * @param typed what there is of it
 * @param isText whether it is the inside of a string that is still open, or of a comment
 * @param stage the tokens of the stage before the word, without those of {@code let name =}
 * @param before the stages that come before this one through pipes
 * @param isNamed whether the statement begins with {@code let name =}
 * @param isEdit whether it is one of the edits that {@code with} holds in force
 * @param isHole whether it is a hole of a string {@code f"..."} that is still open
 */
record Place(
    int start,
    String typed,
    boolean isText,
    List<Token> stage,
    List<List<Token>> before,
    boolean isNamed,
    boolean isEdit,
    boolean isHole) {
  private static final String DELIMITERS = " \t\r\n()[]{},|;=<>+*/\"";

  static Place atEndOf(String text) {
    List<Token> tokens = Lexer.lex(text);
    Token last = tokens.size() < 2 ? null : tokens.get(tokens.size() - 2);
    boolean ends = last != null && last.span().end() == text.length();
    if (ends && last.kind() == TokenKind.COMMENT) {
      return place(text.length(), "", true, tokens);
    }
    if (ends && last.kind() == TokenKind.BAD) {
      int open = last.span().start();
      switch (text.charAt(open)) {
        case '"' -> {
          return place(open, text.substring(open), true, tokens);
        }
        case 'f' -> {
          return place(text.length(), "", true, tokens);
        }
        case '{' -> {
          return inHole(text, open + 1);
        }
        default -> {}
      }
    }
    int start = text.length();
    while (start > 0 && DELIMITERS.indexOf(text.charAt(start - 1)) < 0) {
      start--;
    }
    return place(start, text.substring(start), false, tokens);
  }

  /** The place in a hole of an interpolated string, where only an expression can stand. */
  private static Place inHole(String text, int from) {
    Place inside = atEndOf(text.substring(from));
    return new Place(
        inside.start + from,
        inside.typed,
        inside.isText,
        inside.stage,
        inside.before,
        false,
        false,
        true);
  }

  private static Place place(int start, String typed, boolean isText, List<Token> tokens) {
    List<List<Token>> before = new ArrayList<>();
    List<Token> stage = new ArrayList<>();
    boolean named = false;
    boolean edits = false;
    int brackets = 0;
    for (Token token : tokens) {
      if (token.span().start() >= start) {
        break;
      }
      switch (token.kind()) {
        case SEMICOLON, NEWLINE, LEFT_BRACE, RIGHT_BRACE -> {
          before.clear();
          stage.clear();
          named = false;
          edits = false;
          brackets = 0;
        }
        case PIPE -> {
          before.add(List.copyOf(stage));
          stage.clear();
        }
        case COMMENT, END -> {}
        default -> {
          stage.add(token);
          brackets += bracket(token.kind());
          if (isLet(stage)) {
            stage.clear();
            named = true;
          } else if (stage.size() == 1 && token.is(TokenKind.KEYWORD, Keyword.WITH)) {
            stage.clear();
            edits = true;
          } else if (edits && brackets == 0 && token.kind() == TokenKind.COMMA) {
            stage.clear();
          }
        }
      }
    }
    return new Place(start, typed, isText, stage, before, named, edits, false);
  }

  private static int bracket(TokenKind kind) {
    return switch (kind) {
      case LEFT_BRACKET, LEFT_PARENTHESIS -> 1;
      case RIGHT_BRACKET, RIGHT_PARENTHESIS -> -1;
      default -> 0;
    };
  }

  private static boolean isLet(List<Token> stage) {
    return stage.size() == 3
        && stage.get(0).is(TokenKind.KEYWORD, Keyword.LET)
        && stage.get(2).kind() == TokenKind.OPERATOR;
  }

  /** Whether something comes in through a pipe. */
  boolean isPiped() {
    return !before.isEmpty();
  }

  /** Whether the statement begins with a keyword. */
  boolean isAfter(String keyword) {
    return before.isEmpty() && !stage.isEmpty() && stage.get(0).is(TokenKind.KEYWORD, keyword);
  }

  /**
   * Whether an expression stands here, and no verb: a hole, or what a loop or a parameter takes.
   */
  boolean isExpression() {
    return isHole
        || isAfter(Keyword.FOR) && stage.size() >= 3
        || isAfter(Keyword.PARAM) && stage.size() >= 3;
  }

  /** Whether a statement begins here. */
  boolean startsStatement() {
    return stage.isEmpty() && before.isEmpty() && !isNamed && !isEdit && !isHole;
  }
}
