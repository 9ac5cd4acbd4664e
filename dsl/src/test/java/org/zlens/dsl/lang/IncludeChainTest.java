package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;

/** Scripts that include one another in long chains, wide fans and circles. */
class IncludeChainTest {
  @TempDir private Path folder;

  /** Writes scripts of which each includes the next, the last of them a value. */
  private void chain(int length) throws IOException {
    for (int i = 1; i <= length; i++) {
      String next = i == length ? "let deepest = 7" : "include \"s" + (i + 1) + ".zl\"";
      Files.writeString(folder.resolve("s" + i + ".zl"), next + "\nlet v" + i + " = " + i + "\n");
    }
  }

  private double run(String text) {
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            folder)) {
      new Interpreter(session).run(new SourceText("test", text));
      return ((NumberValue) session.last()).value();
    }
  }

  private Diagnostic fail(String text) {
    return catchThrowableOfType(DiagnosticException.class, () -> run(text)).diagnostic();
  }

  @Test
  void aChainOfSixtyFourIsReadToItsEndAndALongerOneIsAnError() throws IOException {
    chain(64);
    assertThat(run("include \"s1.zl\"\ndeepest + v1 + v64")).isEqualTo(72);
    chain(65);
    Diagnostic failure = fail("include \"s1.zl\"\ndeepest");
    assertThat(failure.message()).isEqualTo("scripts include one another more than 64 deep");
    assertThat(failure.source().name()).isEqualTo("s64.zl");
    chain(3000);
    assertThat(fail("include \"s1.zl\"").message()).contains("more than 64 deep");
  }

  @Test
  void aFanOfManyIsReadEachOnce() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      Files.writeString(
          folder.resolve("f" + i + ".zl"), "include \"base.zl\"\nlet f" + i + " = base + " + i);
      all.append("include \"f").append(i).append(".zl\"\n");
    }
    Files.writeString(folder.resolve("base.zl"), "let base = 1");
    assertThat(run(all + "f0 + f299")).isEqualTo(301);
  }

  @Test
  void aCircleIsAnErrorWhereverItCloses() throws IOException {
    chain(10);
    Files.writeString(folder.resolve("s10.zl"), "include \"./s5.zl\"");
    Diagnostic failure = fail("include \"s1.zl\"");
    assertThat(failure.message()).isEqualTo("'./s5.zl' includes itself");
    assertThat(failure.source().name()).isEqualTo("s10.zl");
  }
}
