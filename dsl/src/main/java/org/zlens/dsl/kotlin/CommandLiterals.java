package org.zlens.dsl.kotlin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Binder;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;
import org.zlens.engine.ZlensException.Kind;

/**
 * The commands that stand in a Kotlin script as {@code run("...")}: they are checked before the
 * script runs, each for itself, since what the code between them does is not known.
 */
public final class CommandLiterals {
  /**
   * A command.
   *
   * @param offsets where in the script each character of it stands
   */
  private record Literal(String text, int[] offsets) {}

  private CommandLiterals() {}

  /** Throws the first error, with its place in the script. */
  public static void check(SourceText script, Registry registry, Settings settings, Forecast now) {
    for (Literal literal : literals(script.text())) {
      SourceText source = new SourceText(script.name(), literal.text());
      Forecast open = new Forecast(registry, settings, now.files());
      open.forgetAll();
      open.setLast(ValueKind.ANY, null);
      try {
        new Binder(registry, open).bind(Interpreter.parse(source));
      } catch (DiagnosticException e) {
        Diagnostic error = e.diagnostic();
        if (error.source() == source && isSure(error, source)) {
          throw new DiagnosticException(
              Diagnostic.at(
                  error.kind(),
                  error.message(),
                  script,
                  placed(literal, error.span()),
                  error.hint()));
        }
      }
    }
  }

  /** A bare name may be that of a variable which the script defines before. */
  private static boolean isSure(Diagnostic error, SourceText source) {
    if (error.kind() == Kind.SYNTAX || error.hint() != null && error.hint().startsWith("did you")) {
      return true;
    }
    if (error.kind() != Kind.TYPE && error.kind() != Kind.NAME && error.kind() != Kind.USAGE) {
      return false;
    }
    List<Token> tokens = Lexer.lex(source.slice(error.span()));
    TokenKind first = tokens.get(0).kind();
    boolean name =
        tokens.size() == 2
            && (first == TokenKind.WORD
                || first == TokenKind.DOTTED
                || first == TokenKind.VARIABLE
                || first == TokenKind.QUOTED_WORD);
    return !name || error.message().startsWith("no verb");
  }

  /** Where in a script the place of a command's failure stands, if the command is written there. */
  static Optional<Span> find(SourceText script, Span line, Diagnostic error) {
    if (error.source() == null) {
      return Optional.empty();
    }
    for (Literal literal : literals(script.text())) {
      int start = literal.offsets()[0];
      boolean here = script.line(start) == script.line(line.start());
      if (here && literal.text().equals(error.source().text())) {
        return Optional.of(placed(literal, error.span()));
      }
    }
    return Optional.empty();
  }

  private static Span placed(Literal literal, Span span) {
    int last = literal.offsets().length - 1;
    return new Span(
        literal.offsets()[Math.min(span.start(), last)],
        literal.offsets()[Math.min(span.end(), last)]);
  }

  private static List<Literal> literals(String script) {
    List<KotlinToken> tokens =
        KotlinLexer.lex(script).stream().filter(t -> t.kind() != KotlinToken.Kind.COMMENT).toList();
    List<Literal> literals = new ArrayList<>();
    for (int i = 0; i + 3 < tokens.size(); i++) {
      boolean call =
          tokens.get(i).text().equals("run")
              && (i == 0 || !tokens.get(i - 1).isSymbol("."))
              && tokens.get(i + 1).isSymbol("(")
              && tokens.get(i + 2).kind() == KotlinToken.Kind.STRING
              && tokens.get(i + 3).isSymbol(")");
      if (call && !tokens.get(i + 2).open()) {
        literals.add(literal(tokens.get(i + 2)));
      }
    }
    return literals;
  }

  /** The text that Kotlin makes of a literal. */
  private static Literal literal(KotlinToken token) {
    String text = token.text();
    int quotes = text.startsWith("\"\"\"") ? 3 : 1;
    StringBuilder value = new StringBuilder();
    List<Integer> offsets = new ArrayList<>();
    int end = Math.max(quotes, text.length() - quotes);
    for (int at = quotes; at < end; at++) {
      offsets.add(token.span().start() + at);
      char c = text.charAt(at);
      if (quotes == 3 || c != '\\' || at + 1 >= end) {
        value.append(c);
        continue;
      }
      char escaped = text.charAt(++at);
      if (escaped == 'u' && text.substring(at + 1).matches("(?s)[0-9a-fA-F]{4}.*")) {
        value.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        at += 4;
      } else {
        int known = "tbnr".indexOf(escaped);
        value.append(known < 0 ? escaped : "\t\b\n\r".charAt(known));
      }
    }
    offsets.add(token.span().start() + end);
    return new Literal(value.toString(), offsets.stream().mapToInt(Integer::intValue).toArray());
  }
}
