package org.zlens.dsl.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

class DiagnosticRendererTest {
  private static String render(String text, int start, int end, String hint) {
    return DiagnosticRenderer.render(
        Diagnostic.at(
            Kind.NAME,
            "no such thing",
            new SourceText("recipe.zl", text),
            new Span(start, end),
            hint));
  }

  @Test
  void showsPlaceLineCaretsAndHint() {
    String text = "\n".repeat(6) + "ablate feature L5.F99999 at S2\nshow";
    int start = text.indexOf("L5");
    assertThat(render(text, start, start + 9, "features run from F0 to F49151"))
        .isEqualTo(
            """
            error: no such thing
              --> recipe.zl:7:16
               7 | ablate feature L5.F99999 at S2
                 |                ^^^^^^^^^
              hint: features run from F0 to F49151
            """);
  }

  @Test
  void withoutPlaceOrHintThereIsOneLine() {
    assertThat(DiagnosticRenderer.render(Diagnostic.nowhere(Kind.USAGE, "no file given", null)))
        .isEqualTo("error: no file given\n");
  }

  @Test
  void alignsUnderTabsWideAndControlCharacters() {
    String text = "a\t\u4F60\u0007e\u0301 x";
    assertThat(render(text, text.indexOf('x'), text.length(), null))
        .isEqualTo(
            """
            error: no such thing
              --> recipe.zl:1:8
               1 | a   \u4F60?e\u0301 x
                 |          ^
            """);
  }

  @Test
  void aLongLineShowsAWindowAroundThePlace() {
    String text = "x".repeat(500_000) + " bad " + "y".repeat(500_000);
    String rendered = render(text, 500_001, 500_004, null);
    assertThat(rendered.length()).isLessThan(400);
    String[] lines = rendered.split("\n");
    int caret = lines[3].indexOf('^');
    assertThat(lines[2].substring(caret, caret + 3)).isEqualTo("bad");
  }

  @Test
  void aSpanOverSeveralLinesMarksTheFirst() {
    assertThat(render("where (a\n or b", 6, 14, null))
        .contains("   1 | where (a\n     |       ^^\n");
  }

  @Test
  void aPlaceAtTheEndHasOneCaret() {
    assertThat(render("tokens [", 8, 8, null)).contains("   1 | tokens [\n     |         ^\n");
  }

  @Test
  void messagesCannotMoveTheCursor() {
    assertThat(DiagnosticRenderer.render(Diagnostic.nowhere(Kind.NAME, "no '\u001b[2J'\n", null)))
        .isEqualTo("error: no '\\u001b[2J'\\n\n");
  }
}
