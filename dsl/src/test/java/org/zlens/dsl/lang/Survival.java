package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.SyntaxDump;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;
import org.zlens.engine.ZlensException.Kind;

/** What must hold of every text that could be typed. */
final class Survival {
  private static final Registry REGISTRY = LanguageCase.registry();

  private static final Set<Integer> BLANKS = Set.of(32, 9, 13, 12, 160);

  private Survival() {}

  /** Cuts, parses, prints and checks a text, and completes it, but runs nothing of it. */
  static void check(String text) {
    SourceText source = new SourceText("any", text);
    coversText(text);
    printsAsItself(source);
    try (Session session = open()) {
      new Completer(REGISTRY, session.forecast()).complete(text);
      new Interpreter(session).bind(source);
    } catch (DiagnosticException e) {
      isOfTheUser(e.diagnostic());
    }
  }

  /** Runs a text: it ends in values, or in an error of the user's. */
  static void run(String text) {
    try (Session session = open()) {
      new Interpreter(session).run(new SourceText("any", text));
    } catch (DiagnosticException e) {
      isOfTheUser(e.diagnostic());
    }
  }

  private static Session open() {
    return new Session(REGISTRY, Settings.STANDARD, ResultListener.none(), Path.of("target"));
  }

  private static void isOfTheUser(Diagnostic diagnostic) {
    if (diagnostic.kind() == Kind.BUG) {
      throw new AssertionError(diagnostic.message(), diagnostic.cause());
    }
    assertThat(DiagnosticRenderer.render(diagnostic)).startsWith("error: ").doesNotContain("\t");
  }

  private static void printsAsItself(SourceText source) {
    Script script;
    try {
      script = Parser.parse(source);
    } catch (SyntaxException e) {
      assertThat(e.span().end()).isLessThanOrEqualTo(source.text().length());
      return;
    }
    String printed = Printer.print(script);
    Script again = Parser.parse(new SourceText("printed", printed));
    assertThat(SyntaxDump.dump(again)).isEqualTo(SyntaxDump.dump(script));
    assertThat(Printer.print(again)).isEqualTo(printed);
  }

  /** Tokens do not overlap, and, up to the first that is none, only blanks lie between them. */
  private static void coversText(String text) {
    int at = 0;
    boolean bad = false;
    for (Token token : Lexer.lex(text)) {
      bad |= token.kind() == TokenKind.BAD;
      assertThat(token.span().start()).isGreaterThanOrEqualTo(at);
      assertThat(bad || text.substring(at, token.span().start()).chars().allMatch(BLANKS::contains))
          .isTrue();
      at = token.span().end();
    }
    assertThat(at).isEqualTo(text.length());
  }
}
