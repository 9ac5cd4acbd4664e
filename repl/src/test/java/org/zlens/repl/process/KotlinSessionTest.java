package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kotlin in a session at a real terminal. */
class KotlinSessionTest {
  @TempDir Path home;

  @Test
  void linesOfBothLanguagesShareTheirValues() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("val half = listOf(1, 2, 3).sum() / 2.0")).isEmpty();
      assertThat(session.run("half | show")).isEqualTo("3\r\n");
      session.run("let five = 5");
      assertThat(session.run("println(five * half)")).isEqualTo("15.0\r\n");
      assertThat(session.run("val n: Int = \"text\""))
          .contains("error: initializer type mismatch", "input:1:14", "^^^^^^");
      assertThat(session.run("fun twice(x: Int): Int {\rreturn 2 * x\r}")).isEmpty();
      assertThat(session.run("twice(21)")).isEqualTo("42\r\n");
      session.run("reset kotlin");
      assertThat(session.run("twice(21)")).contains("error: unresolved reference 'twice'");
      session.leave();
    }
  }

  @Test
  void controlCEndsALoopThatCallsNoVerb() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      session.enter("println(\"it has\" + \" begun\"); while (true) { }");
      session.await("it has begun");
      session.type(TerminalSession.CTRL_C);
      assertThat(session.awaitPrompt()).contains("error: interrupted");
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.leave();
    }
  }

  @Test
  void aScriptRunsFromThePromptAndFromItsCache() throws IOException, InterruptedException {
    Files.writeString(
        home.resolve("study.zlens.kts"),
        "val n = args[\"n\"]!!.toInt()\nprintln(n + 1)\nrequire(n < 5) { \"too many\" }\n");
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("run \"st\t with n = 2")).isEqualTo("3\r\n");
      assertThat(session.run("run \"study.zlens.kts\" with n = 3")).isEqualTo("4\r\n");
      assertThat(session.run("run \"study.zlens.kts\" with n = 7"))
          .contains("8\r\n", "error: the script threw", "too many", "study.zlens.kts:3:1");
      session.leave();
    }
    assertThat(home.resolve(".cache/zlens/scripts")).isDirectoryContaining("glob:**.classes");
    try (TerminalSession session = TerminalSession.open(home, "--safe")) {
      assertThat(session.run("println(1)"))
          .contains("error: Kotlin runs code, which --safe refuses");
      session.leave();
    }
  }
}
