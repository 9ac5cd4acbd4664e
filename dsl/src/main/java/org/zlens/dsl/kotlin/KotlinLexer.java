package org.zlens.dsl.kotlin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.kotlin.KotlinToken.Kind;
import org.zlens.dsl.syntax.Span;

/**
 * Cuts Kotlin text into pieces, as far as brackets, colours and literal commands need it; it never
 * fails.
 */
public final class KotlinLexer {
  /** Words that are no names, and those that begin a declaration. */
  public static final Set<String> KEYWORDS =
      Set.of(
          "abstract",
          "as",
          "break",
          "class",
          "continue",
          "data",
          "do",
          "else",
          "enum",
          "false",
          "for",
          "fun",
          "if",
          "import",
          "in",
          "inline",
          "interface",
          "is",
          "null",
          "object",
          "open",
          "operator",
          "private",
          "return",
          "sealed",
          "super",
          "this",
          "throw",
          "true",
          "try",
          "typealias",
          "val",
          "var",
          "when",
          "while");

  private static final List<String> SYMBOLS =
      List.of(
          "===", "!==", "...", "..<", "->", "==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=",
          "-=", "*=", "/=", "%=", "::", "?.", "?:", "!!", "..");

  private static final int DEPTH = 50;

  private final String text;
  private final List<KotlinToken> tokens = new ArrayList<>();
  private int at;
  private boolean template;

  private KotlinLexer(String text) {
    this.text = text;
  }

  /** All pieces of a text but its blanks. */
  public static List<KotlinToken> lex(String text) {
    KotlinLexer lexer = new KotlinLexer(text);
    while (lexer.at < text.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = text.charAt(at);
    int start = at;
    if (Character.isWhitespace(c)) {
      at++;
    } else if (text.startsWith("//", at)) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
      add(Kind.COMMENT, start, false);
    } else if (text.startsWith("/*", at)) {
      add(Kind.COMMENT, start, !skipComment());
    } else if (c == '"') {
      template = false;
      boolean closed = skipString(0);
      add(
          template ? Kind.TEMPLATE : Kind.STRING,
          start,
          !closed && text.startsWith("\"\"\"", start));
    } else if (c == '\'') {
      skipQuoted('\'');
      add(Kind.CHARACTER, start, false);
    } else if (c == '`') {
      skipQuoted('`');
      add(Kind.NAME, start, false);
    } else if (Character.isDigit(c)) {
      skipNumber();
      add(Kind.NUMBER, start, false);
    } else if (Character.isJavaIdentifierStart(c) && c != '$') {
      while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
        at++;
      }
      add(KEYWORDS.contains(text.substring(start, at)) ? Kind.KEYWORD : Kind.NAME, start, false);
    } else {
      at += SYMBOLS.stream().filter(s -> text.startsWith(s, at)).findFirst().orElse(".").length();
      add(Kind.SYMBOL, start, false);
    }
  }

  private void add(Kind kind, int start, boolean open) {
    tokens.add(new KotlinToken(kind, new Span(start, at), text.substring(start, at), open));
  }

  /** Comments nest. */
  private boolean skipComment() {
    int depth = 0;
    while (at < text.length()) {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return true;
        }
      } else {
        at++;
      }
    }
    return false;
  }

  /** Moves behind a text; what stands in its holes may have texts of its own. */
  private boolean skipString(int depth) {
    boolean raw = text.startsWith("\"\"\"", at);
    at += raw ? 3 : 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (raw && text.startsWith("\"\"\"", at)) {
        at += 3;
        while (at < text.length() && text.charAt(at) == '"') {
          at++;
        }
        return true;
      } else if (!raw && c == '"') {
        at++;
        return true;
      } else if (!raw && c == '\n') {
        return false;
      } else if (!raw && c == '\\') {
        at = Math.min(at + 2, text.length());
      } else if (text.startsWith("${", at) && depth < DEPTH) {
        template = true;
        at += 2;
        skipHole(depth + 1);
      } else {
        template |=
            c == '$'
                && at + 1 < text.length()
                && Character.isJavaIdentifierStart(text.charAt(at + 1));
        at++;
      }
    }
    return false;
  }

  private void skipHole(int depth) {
    int braces = 1;
    while (at < text.length() && braces > 0) {
      char c = text.charAt(at);
      if (c == '"') {
        skipString(depth);
        continue;
      }
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      at++;
    }
  }

  private void skipQuoted(char quote) {
    at++;
    while (at < text.length() && text.charAt(at) != '\n') {
      char c = text.charAt(at);
      at = Math.min(at + (c == '\\' && quote == '\'' ? 2 : 1), text.length());
      if (c == quote) {
        return;
      }
    }
  }

  private void skipNumber() {
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean fraction =
          c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
      boolean exponent = (c == '+' || c == '-') && "eE".indexOf(text.charAt(at - 1)) >= 0;
      if (!Character.isLetterOrDigit(c) && c != '_' && !fraction && !exponent) {
        return;
      }
      at++;
    }
  }
}
