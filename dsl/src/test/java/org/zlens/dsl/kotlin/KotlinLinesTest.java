package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;

/** Lines of Kotlin in a session: state, rollback, and names that both languages know. */
class KotlinLinesTest {
  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  @Test
  void linesSeeEarlierLines() {
    talk.line("val x = 20")
        .line("fun twice(n: Int) = 2 * n")
        .line("data class Pick(val layer: Int)")
        .line("twice(x) + Pick(2).layer");

    assertThat(talk.values).containsExactly(new NumberValue(42));
  }

  @Test
  void aLineThatFailsLeavesNoNameAndKeepsTheOldOne() {
    talk.line("val x = 1");
    String refused = Talk.failure(() -> talk.line("val x = missing + 1"));
    String broken = Talk.failure(() -> talk.line("val q = listOf(1, 2"));
    String thrown = Talk.failure(() -> talk.line("val x: Int = error(\"no\")"));
    talk.line("x");

    assertThat(refused)
        .isEqualTo(
            """
            error: unresolved reference 'missing'
              --> input:1:9
               1 | val x = missing + 1
                 |         ^^^^^^^
            """);
    assertThat(broken).startsWith("error: ");
    assertThat(thrown).startsWith("error: the script threw IllegalStateException: no\n");
    assertThat(talk.values).containsExactly(new NumberValue(1));
    assertThat(Talk.failure(() -> talk.line("q"))).contains("unresolved reference 'q'");
  }

  @Test
  void variablesOfEitherLanguageAreKnownToTheOther() {
    talk.command("let n = 40\nlet names = [\"a\", \"b\"]\nlet best = L2.F417");
    talk.line("val m = n + 2").line("var label = names[1] + best.index");
    talk.command("m + 1\nlabel\nlet n = 1");
    talk.line("n").line("label = \"new\"");
    talk.command("label");

    assertThat(talk.values)
        .containsExactly(
            new NumberValue(43), new TextValue("b417"), new NumberValue(1), new TextValue("new"));
  }

  @Test
  void letTakesANameOverFromKotlin() {
    talk.line("val x = 1");
    talk.command("let x = 2");
    talk.line("x");

    assertThat(talk.values).containsExactly(new NumberValue(2));
  }

  @Test
  void errorsInALineThatBorrowsNamesPointRight() {
    talk.command("let n = 40");

    assertThat(Talk.failure(() -> talk.line("n + missing")))
        .isEqualTo(
            """
            error: unresolved reference 'missing'
              --> input:1:5
               1 | n + missing
                 |     ^^^^^^^
            """);
  }

  @Test
  void resetForgetsWhatLinesDeclared() {
    talk.line("fun f() = 1");
    talk.command("reset kotlin");

    assertThat(Talk.failure(() -> talk.line("f()"))).contains("unresolved reference 'f'");
  }

  @Test
  void aSafeSessionRefusesLinesBeforeTheyAreCompiled() {
    talk.session.files().makeSafe();

    assertThat(Talk.failure(() -> talk.line("val q = listOf(1, 2")))
        .contains("Kotlin runs code, which --safe refuses")
        .doesNotContain("listOf");
    assertThat(talk.values).isEmpty();
  }
}
