package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;

/** The table of cases of which language a line is in; Kotlin has declared {@code best}. */
class EntryLanguageTest {
  private final EntryLanguage language =
      new EntryLanguage(new Registry(BuiltinCommands.all()), Set.of("best", "work")::contains);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  # nothing",
        "model sprig",
        "prompt \"a\" answer \"b\"",
        "prompt (\"a\")",
        "where (delta < 0)",
        "sweep features L2 at S2",
        "ablat feature L5.F3",
        "ablat feature L5.F3 at S2 {",
        "sweepfeatures L2",
        "foo",
        "foo bar",
        "x = 5",
        "let t = sweep heads",
        "let t = (",
        "for x in [1, 2] { x }",
        "with steer L2.F3 4 { logits }",
        "not true",
        "40 + 2",
        "-3",
        "[1, 2]",
        "(1 + 2) * 3",
        "\"a\" + \"b\"",
        "t | top 3",
        "$x",
        "$_ | top 3 by delta",
        "L2.F417",
        "t.delta",
        "last.delta < 3",
        "max(last.delta)",
        "abs(-3)",
        "best | top 3",
        "top 3",
        "help kotlin",
        "reset kotlin",
        "prompt \"a",
        "\"a",
        "(1 +",
        "[1,",
      })
  void isACommand(String line) {
    assertThat(language.isKotlin(line)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "val x = 3",
        "var y: Int = 4",
        "fun f(n: Int) = n",
        "class A",
        "data class A(val b: Int)",
        "import java.time.Duration",
        "if (x > 3) 1 else 2",
        "for (i in 1..3) println(i)",
        "with(t) { rowCount() }",
        "when (x) { else -> 1 }",
        "while (true) { }",
        "try { f() } catch (e: Exception) { }",
        "ablate(L5[3], S2)",
        "model(\"sprig\")",
        "prompt(\"a\", answer = \"b\")",
        "println(\"x\")",
        "listOf(1, 2).map { it + 1 }",
        "listOf(1,",
        "(1..3).map { it }",
        "L5[3]",
        "L5.H[1]",
        "t.rowCount()",
        "t.first(3)",
        "xs[0]",
        "best",
        "best.columnNames()",
        "best.delta",
        "best + 1",
        "1 + best",
        "x += 1",
        "repeat(3) { println(it) }",
        "run { 3 }",
        "\"a\".length",
        "max(best, 3)",
        "max(1, foo(2))",
      })
  void isKotlin(String line) {
    assertThat(language.isKotlin(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fun f() {",
        "listOf(1,",
        "val x =",
        "val s = \"\"\"a",
        "/* a",
        "x +",
        "t.map { it",
        "\"${listOf(1)",
      })
  void goesOn(String text) {
    assertThat(EntryLanguage.isOpen(text)).isEqualTo(!text.startsWith("\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "val x = 3",
        "x++",
        "import a.b.*",
        "println(\"(\")",
        "'('",
        "f() // (",
        "\"${listOf(1)}\"",
        "\"\"\"a\"\"\"",
        "val s = \"a",
      })
  void isWhole(String text) {
    assertThat(EntryLanguage.isOpen(text)).isFalse();
  }
}
