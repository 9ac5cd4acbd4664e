package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
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
import org.zlens.engine.ZlensException.Kind;

/** Whatever is typed ends in a value or in an error of the user's, never in a bug or a hang. */
class FuzzTest {
  private static final Registry REGISTRY = LanguageCase.registry();
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> WORDS =
      List.of(
          "let",
          "with",
          "x",
          "=",
          "sample",
          "|",
          "where",
          "delta",
          "<",
          "-0.2",
          "and",
          "or",
          "not",
          "(",
          ")",
          "[",
          "]",
          ",",
          "\"BABA\"",
          "\" Bob\"#2",
          "top",
          "3",
          "by",
          "sort",
          "descending",
          ";",
          "\n",
          "pick",
          "small",
          "cut",
          "feature",
          "L2.F417",
          "L9.R16927",
          "L0..L3",
          "at",
          "S2+1",
          "END",
          "$_",
          "last.delta",
          "expect",
          "set",
          "seed",
          "`log odds`",
          "max(",
          "-",
          "+",
          "..",
          "true",
          "for",
          "in",
          "{",
          "}",
          "# note\n",
          "head",
          "L1.H3",
          "tokens",
          "depth",
          "help",
          "show",
          "quit",
          "select");

  @Provide
  Arbitrary<String> scripts() {
    return Arbitraries.of(WORDS).list().ofMaxSize(25).map(words -> String.join(" ", words));
  }

  @Provide
  Arbitrary<String> glued() {
    return Arbitraries.of(WORDS)
        .list()
        .ofMaxSize(12)
        .map(w -> w.stream().collect(Collectors.joining()));
  }

  @Property(tries = 500)
  void anyText(@ForAll String text) {
    survives(text);
  }

  @Property(tries = 1500)
  void anyScriptOfRealWords(@ForAll("scripts") String text) {
    survives(text);
  }

  @Property(tries = 500)
  void anyScriptWithoutBlanks(@ForAll("glued") String text) {
    survives(text);
  }

  private static void survives(String text) {
    Assertions.assertTimeoutPreemptively(LIMIT, () -> check(text));
  }

  private static void check(String text) {
    coversText(text);
    SourceText source = new SourceText("fuzz", text);
    try {
      Script script = Parser.parse(source);
      String printed = Printer.print(script);
      Script again = Parser.parse(new SourceText("printed", printed));
      assertThat(SyntaxDump.dump(again)).isEqualTo(SyntaxDump.dump(script));
    } catch (SyntaxException e) {
      assertThat(e.span().end()).isLessThanOrEqualTo(text.length());
    }
    try (Session session =
        new Session(REGISTRY, Settings.STANDARD, ResultListener.none(), Path.of("target"))) {
      new Interpreter(session).run(source);
    } catch (DiagnosticException e) {
      Diagnostic diagnostic = e.diagnostic();
      assertThat(diagnostic.kind()).isNotEqualTo(Kind.BUG);
      assertThat(DiagnosticRenderer.render(diagnostic)).startsWith("error: ").doesNotContain("\t");
    }
  }

  /** Tokens do not overlap, and only blanks lie between them. */
  private static void coversText(String text) {
    int at = 0;
    for (Token token : Lexer.lex(text)) {
      assertThat(token.span().start()).isGreaterThanOrEqualTo(at);
      assertThat(text.substring(at, token.span().start())).matches("[ \t\r\f\u00A0]*");
      at = token.span().end();
    }
    assertThat(at).isEqualTo(text.length());
  }
}
