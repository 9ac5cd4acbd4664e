package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --safe} as a user meets it. */
class SafeTest {
  @TempDir Path folder;

  @Test
  void whatWritesIsRefusedWithItsPlaceBeforeAnythingRuns() {
    Path target = folder.resolve("a.csv");
    ProgramRun run = ProgramRun.withInput("sample\nsample | save \"" + target + "\"\n", "--safe");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("'save' writes files, which --safe refuses")
        .contains("--> stdin:2:10")
        .contains("hint: ");
    assertThat(target).doesNotExist();
  }

  @Test
  void otherScriptsAreRefusedAndWhatOnlyLooksIsNot() throws IOException {
    Path script = Files.writeString(folder.resolve("a.zl"), "sample");
    assertThat(ProgramRun.of("--safe", "-c", "run \"" + script + "\"").err()).contains("'run'");
    ProgramRun include = ProgramRun.of("--safe", "-c", "include \"" + script + "\"");
    assertThat(include.exitCode()).isEqualTo(2);
    assertThat(include.err()).contains("'include' runs other files, which --safe refuses");
    assertThat(ProgramRun.of("--safe", "-c", "sample | top 1").exitCode()).isZero();
    assertThat(ProgramRun.of("--safe", "run", script.toString()).exitCode()).isZero();
  }

  @Test
  void kotlinIsRefusedBeforeItIsCompiled() throws IOException {
    Path script = Files.writeString(folder.resolve("a.zlens.kts"), "this is no Kotlin at all");

    ProgramRun run = ProgramRun.of("--safe", "run", script.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Kotlin runs code, which --safe refuses");
    assertThat(ProgramRun.of("--safe", "-c", "run \"" + script + "\"").err()).contains("'run'");
  }

  @Test
  void filesOutsideOfTheFolderAreNotRead() {
    ProgramRun run = ProgramRun.of("--safe", "-c", "model sprig; sae \"" + folder + "\"");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("with --safe only files below the current folder");
  }
}
