package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts a text into tokens and never fails: what is no token becomes a {@link TokenKind#BAD} one, so
 * that the parser, the highlighter and the completer can share it.
 *
 * <p>Some rules are worth knowing. A hyphen belongs to a word when a letter follows in the same run
 * ({@code gpt2-small}, {@code gelu-2l}), so subtraction of names needs blanks, but {@code S2-1} is
 * a label and a number. {@code #} directly after a string and before a digit counts its occurrences
 * ({@code " Bob"#2}); any other starts a comment. A dot joins words ({@code L5.H1.z}) unless
 * another dot follows ({@code L0..L3}). {@code hf:owner/name@revision} is one word. An {@code f}
 * right before a string lets it have holes ({@code f"{name}.json"}).
 */
public final class Lexer {
  private static final Pattern NUMBER_TAIL = Pattern.compile("[0-9]+([eE][0-9]+)?");
  private static final Pattern ADDRESS =
      Pattern.compile("L[0-9]+(\\..*)?|blocks\\.[0-9]+\\..*|ln_final\\.hook_.*", Pattern.DOTALL);

  private static final String HUB = "hf:";
  private static final String ADDRESS_ENDS = ";|,()[]{}\"`#";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** All tokens of a text, comments included, the last one being {@link TokenKind#END}. */
  public static List<Token> lex(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  /** The tokens of a part of a text, their spans those in the whole. */
  static List<Token> lex(String text, int start, int end) {
    List<Token> tokens = lex(text.substring(start, end));
    tokens.replaceAll(token -> token.moved(start));
    return tokens;
  }

  private void run() {
    boolean spaced = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u00A0') {
        at++;
        spaced = true;
        continue;
      }
      next(c, spaced);
      spaced = false;
    }
    tokens.add(new Token(TokenKind.END, new Span(at, at), "", spaced));
  }

  private void next(char c, boolean spaced) {
    int start = at;
    switch (c) {
      case '\n' -> one(TokenKind.NEWLINE, spaced);
      case ';' -> one(TokenKind.SEMICOLON, spaced);
      case '|' -> one(TokenKind.PIPE, spaced);
      case ',' -> one(TokenKind.COMMA, spaced);
      case '(' -> one(TokenKind.LEFT_PARENTHESIS, spaced);
      case ')' -> one(TokenKind.RIGHT_PARENTHESIS, spaced);
      case '[' -> one(TokenKind.LEFT_BRACKET, spaced);
      case ']' -> one(TokenKind.RIGHT_BRACKET, spaced);
      case '{' -> one(TokenKind.LEFT_BRACE, spaced);
      case '}' -> one(TokenKind.RIGHT_BRACE, spaced);
      case '+', '-', '*', '/', '%' -> one(TokenKind.OPERATOR, spaced);
      case '<', '>', '=', '!' -> comparison(c, spaced);
      case '"' -> string(spaced);
      case '`' -> quotedWord(spaced);
      case '#' -> hash(spaced);
      case '$' -> variable(spaced);
      case '.' -> {
        at += peek(1) == '.' ? 2 : 1;
        if (at - start == 2) {
          add(TokenKind.RANGE, start, "..", spaced);
        } else {
          add(TokenKind.BAD, start, "'.' joins words and digits only", spaced);
        }
      }
      default -> {
        if (isDigit(c)) {
          number(spaced);
        } else if (c == 'f' && peek(1) == '"') {
          interpolated(spaced);
        } else if (startsWord(text.codePointAt(at))) {
          word(spaced);
        } else {
          at += Character.charCount(text.codePointAt(at));
          add(TokenKind.BAD, start, "unexpected character " + describe(start), spaced);
        }
      }
    }
  }

  private void one(TokenKind kind, boolean spaced) {
    at++;
    add(kind, at - 1, text.substring(at - 1, at), spaced);
  }

  private void comparison(char c, boolean spaced) {
    int start = at++;
    if (peek(0) == '=') {
      at++;
    } else if (c == '!') {
      add(TokenKind.BAD, start, "'!' alone means nothing here, 'not' or '!=' do", spaced);
      return;
    }
    String sign = text.substring(start, at);
    add(TokenKind.OPERATOR, start, sign.equals("==") ? "=" : sign, spaced);
  }

  private void string(boolean spaced) {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '\n') {
      char c = text.charAt(at++);
      if (c == '"') {
        add(TokenKind.STRING, start, value.toString(), spaced);
        return;
      }
      if (c != '\\') {
        value.append(c);
      } else if (!Escapes.read(text, at, value)) {
        add(TokenKind.BAD, at - 1, Escapes.endOfUnknown(text, at), Escapes.UNKNOWN, spaced);
        skipLine();
        return;
      } else {
        at = Escapes.end(text, at);
      }
    }
    add(TokenKind.BAD, start, "this string has no closing '\"' on its line", spaced);
  }

  private void interpolated(boolean spaced) {
    int start = at;
    PieceScanner scanner = PieceScanner.scan(text, start + 2);
    PieceScanner.Problem problem = scanner.problem();
    at = scanner.end();
    if (problem == null) {
      add(TokenKind.INTERPOLATED, start, text.substring(start + 2, at - 1), spaced);
    } else {
      add(TokenKind.BAD, problem.start(), problem.end(), problem.message(), spaced);
      skipLine();
    }
  }

  private void quotedWord(boolean spaced) {
    int start = at++;
    while (at < text.length() && text.charAt(at) != '\n') {
      if (text.charAt(at++) == '`') {
        if (at - start == 2) {
          add(TokenKind.BAD, start, "a name between back quotes cannot be empty", spaced);
        } else {
          add(TokenKind.QUOTED_WORD, start, text.substring(start + 1, at - 1), spaced);
        }
        return;
      }
    }
    add(TokenKind.BAD, start, "this name has no closing '`' on its line", spaced);
  }

  private void hash(boolean spaced) {
    int start = at;
    boolean afterString =
        !spaced
            && !tokens.isEmpty()
            && tokens.get(tokens.size() - 1).kind().isString()
            && isDigit(peek(1));
    if (afterString) {
      at++;
      skipDigits();
      add(TokenKind.OCCURRENCE, start, text.substring(start + 1, at), false);
    } else {
      skipLine();
      add(TokenKind.COMMENT, start, text.substring(start, at), spaced);
    }
  }

  private void variable(boolean spaced) {
    int start = at++;
    if (at < text.length() && startsWord(text.codePointAt(at))) {
      skipWord();
      skipFields();
      add(TokenKind.VARIABLE, start, text.substring(start + 1, at), spaced);
    } else {
      add(TokenKind.BAD, start, "'$' needs a name, or '_' for the last result", spaced);
    }
  }

  private void number(boolean spaced) {
    int start = at;
    skipDigits();
    if (peek(0) == '.' && isDigit(peek(1))) {
      at++;
      skipDigits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      int sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (isDigit(peek(sign))) {
        at += sign;
        skipDigits();
      }
    }
    int end = at;
    int letters = isMultiple(start) ? 1 : unitOfMemory(start);
    if (letters > 0) {
      at += letters;
      add(TokenKind.WORD, start, text.substring(start, at), spaced);
    } else if (at < text.length() && continuesWord(text.codePointAt(at))) {
      skipWord();
      add(TokenKind.BAD, start, "a number ends before its letters; quote a name", spaced);
    } else {
      add(TokenKind.NUMBER, start, text.substring(start, end), spaced);
    }
  }

  /** Whole digits and a unit make a word too: {@code 4GB}. */
  private int unitOfMemory(int start) {
    boolean unit = (peek(0) == 'M' || peek(0) == 'G') && peek(1) == 'B';
    boolean ends = at + 2 >= text.length() || !continuesWord(text.codePointAt(at + 2));
    boolean whole = text.substring(start, at).chars().allMatch(Character::isDigit);
    return unit && ends && whole ? 2 : 0;
  }

  /** Whole digits and an x make a word: {@code 32x}, a multiple of what the command says. */
  private boolean isMultiple(int start) {
    return peek(0) == 'x'
        && (at + 1 >= text.length() || !continuesWord(text.codePointAt(at + 1)))
        && text.substring(start, at).chars().allMatch(Character::isDigit);
  }

  private void word(boolean spaced) {
    int start = at;
    skipWord();
    if (isHubAddress(start)) {
      skipAddress();
      add(TokenKind.WORD, start, text.substring(start, at), spaced);
      return;
    }
    boolean dotted = skipFields();
    String word = text.substring(start, at);
    TokenKind kind = dotted ? TokenKind.DOTTED : TokenKind.WORD;
    if ("Lbl".indexOf(word.charAt(0)) >= 0 && ADDRESS.matcher(word).matches()) {
      kind = TokenKind.ADDRESS;
    } else if (Keyword.ALL.contains(word)) {
      kind = TokenKind.KEYWORD;
    }
    add(kind, start, word, spaced);
  }

  /** Whether {@code hf:owner/name} begins here, which is a word with all that belongs to it. */
  private boolean isHubAddress(int start) {
    return text.startsWith(HUB, start)
        && at - start == HUB.length() - 1
        && at + 1 < text.length()
        && !endsAddress(text.charAt(at + 1));
  }

  private void skipAddress() {
    while (at < text.length() && !endsAddress(text.charAt(at))) {
      at++;
    }
  }

  private static boolean endsAddress(char c) {
    return c <= ' ' || c == '\u00A0' || ADDRESS_ENDS.indexOf(c) >= 0;
  }

  private void skipWord() {
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!continuesWord(c) && !(c == '-' && hyphenContinues())) {
        return;
      }
      at += Character.charCount(c);
    }
  }

  /** Whether a letter follows that will be of the same word: what lies beyond it has no say. */
  private boolean hyphenContinues() {
    int part = at + 1;
    for (int end = part; end < text.length(); end++) {
      char c = text.charAt(end);
      if (c == '-') {
        if (end == part || isName(part, end)) {
          return end != part;
        }
        part = end + 1;
      } else if (!continuesWord(c)) {
        return isName(part, end);
      } else if (end - at > 64) {
        // A run this long is no name; looking further would make the whole text quadratic.
        return isName(part, end);
      }
    }
    return isName(part, text.length());
  }

  /** Whether a part between hyphens has a letter and is no number. */
  private boolean isName(int from, int to) {
    String part = text.substring(from, to);
    return part.chars().anyMatch(Character::isLetter) && !NUMBER_TAIL.matcher(part).matches();
  }

  private boolean skipFields() {
    boolean dotted = false;
    while (peek(0) == '.' && at + 1 < text.length() && continuesWord(text.codePointAt(at + 1))) {
      at++;
      skipWord();
      dotted = true;
    }
    return dotted;
  }

  private void skipDigits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private void add(TokenKind kind, int start, String value, boolean spaced) {
    add(kind, start, at, value, spaced);
  }

  private void add(TokenKind kind, int start, int end, String value, boolean spaced) {
    tokens.add(new Token(kind, new Span(start, end), value, spaced));
  }

  private String describe(int start) {
    int c = text.codePointAt(start);
    return c > ' ' && c < 127 ? "'" + Character.toString(c) + "'" : String.format("U+%04X", c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean startsWord(int c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean continuesWord(int c) {
    return startsWord(c) || c >= '0' && c <= '9';
  }
}
