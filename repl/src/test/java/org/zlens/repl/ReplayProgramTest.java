package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording and replaying as a user of the command line does. */
class ReplayProgramTest {
  @TempDir Path folder;

  private Path record(String... statements) {
    Path file = folder.resolve("t.zl");
    String script = "record \"" + file + "\"\n" + String.join("\n", statements) + "\n";
    ProgramRun run = ProgramRun.withInput(script);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return file;
  }

  @Test
  void whatTheCommandLineRecordsItReplays() {
    Path file = record("sample", "let n = 2 / 3");
    ProgramRun run = ProgramRun.of("replay", file.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("2 statements compared, all ");
    assertThat(ProgramRun.of("--safe", "replay", file.toString()).exitCode()).isZero();
    assertThat(ProgramRun.of("run", file.toString()).exitCode()).isZero();
  }

  @Test
  void whatMovedIsATableOnStandardOutputAndTheExitCodeIsOne() throws IOException {
    Path file = record("let n = 2 / 3");
    Files.writeString(file, Files.readString(file).replace("0.666", "0.777"));
    ProgramRun run = ProgramRun.of("--format", "csv", "replay", file.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).startsWith("line,statement,value,row,column,recorded,now,difference\n");
    assertThat(run.out()).contains("let n = 2 / 3,1,1,value,0.777");
    assertThat(run.err()).contains("1 difference from what ");
  }

  @Test
  void withSafeATranscriptThatWritesIsRefused() {
    Path target = folder.resolve("x.csv");
    Path file = record("sample | save \"" + target + "\"");
    assertThat(target).exists();
    ProgramRun run = ProgramRun.of("--safe", "replay", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'save' writes files, which --safe refuses");
  }

  @Test
  void aFileThatIsNoTranscriptIsSaidSo() throws IOException {
    Path file = Files.writeString(folder.resolve("a.zl"), "sample\n");
    ProgramRun run = ProgramRun.of("replay", file.toString());
    assertThat(run.exitCode()).isEqualTo(66);
    assertThat(run.err()).contains("this is no transcript");
    assertThat(ProgramRun.of("replay").exitCode()).isEqualTo(2);
  }
}
