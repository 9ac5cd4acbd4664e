package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the end of a string {@code f"..."} and cuts it into pieces, for the lexer and the parser.
 *
 * <p>A hole ends at the first brace outside strings and names in it; doubled braces are braces.
 */
final class PieceScanner {
  private static final int DEPTH_LIMIT = 16;

  private final String text;
  private final int depth;
  private final List<Cut> cuts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private Problem problem;
  private int at;

  /** A piece by its place: a literal's value, or where a hole's expression and format stand. */
  record Cut(String literal, int start, int colon, int end) {
    boolean isHole() {
      return literal == null;
    }
  }

  /** Why this is no such string. */
  record Problem(int start, int end, String message) {}

  private PieceScanner(String text, int start, int depth) {
    this.text = text;
    this.depth = depth;
    this.at = start;
  }

  /** Scans what follows the opening quote. */
  static PieceScanner scan(String text, int start) {
    return scan(text, start, 0);
  }

  private static PieceScanner scan(String text, int start, int depth) {
    PieceScanner scanner = new PieceScanner(text, start, depth);
    scanner.run(start - 2);
    return scanner;
  }

  /** The offset after the closing quote. */
  int end() {
    return at;
  }

  List<Cut> cuts() {
    return cuts;
  }

  /** What is wrong, or null. */
  Problem problem() {
    return problem;
  }

  private void run(int start) {
    while (problem == null) {
      if (isAtLineEnd()) {
        problem = new Problem(start, at, "this string has no closing '\"' on its line");
        return;
      }
      char c = text.charAt(at++);
      switch (c) {
        case '"' -> {
          cutLiteral();
          return;
        }
        case '\\' -> escape();
        case '{', '}' -> {
          if (at < text.length() && text.charAt(at) == c) {
            literal.append(c);
            at++;
          } else if (c == '{') {
            hole();
          } else {
            problem = new Problem(at - 1, at, "this '}' closes nothing; write '}}' for a brace");
          }
        }
        default -> literal.append(c);
      }
    }
  }

  private void escape() {
    if (Escapes.read(text, at, literal)) {
      at = Escapes.end(text, at);
    } else {
      problem = new Problem(at - 1, Escapes.endOfUnknown(text, at), Escapes.UNKNOWN);
    }
  }

  private void hole() {
    cutLiteral();
    int start = at;
    int colon = -1;
    while (problem == null && !isAtLineEnd()) {
      char c = text.charAt(at++);
      if (c == '"' && isAfterMark(start)) {
        nested();
      } else if (c == '}') {
        cuts.add(new Cut(null, start, colon < 0 ? at - 1 : colon, at - 1));
        return;
      } else if (c == '"' || c == '`') {
        skipQuoted(c);
      } else if (c == ':' && colon < 0) {
        colon = at - 1;
      }
    }
    if (problem != null) {
      return;
    }
    problem = new Problem(start - 1, at, "this '{' is not closed; write '{{' for a brace");
  }

  /** Whether the quote just taken has an f before it that is a word of its own. */
  private boolean isAfterMark(int start) {
    int mark = at - 2;
    return mark >= start
        && text.charAt(mark) == 'f'
        && (mark == start
            || text.charAt(mark - 1) != '_' && !Character.isLetterOrDigit(text.charAt(mark - 1)));
  }

  private void nested() {
    if (depth == DEPTH_LIMIT) {
      problem = new Problem(at - 2, at, "strings stand in one another too deep");
      return;
    }
    PieceScanner inside = scan(text, at, depth + 1);
    at = inside.at;
    problem = inside.problem;
  }

  private void skipQuoted(char quote) {
    while (!isAtLineEnd()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return;
      } else if (c == '\\' && quote == '"' && !isAtLineEnd()) {
        at++;
      }
    }
  }

  private void cutLiteral() {
    if (!literal.isEmpty()) {
      cuts.add(new Cut(literal.toString(), 0, 0, 0));
      literal.setLength(0);
    }
  }

  private boolean isAtLineEnd() {
    return at >= text.length() || text.charAt(at) == '\n';
  }
}
