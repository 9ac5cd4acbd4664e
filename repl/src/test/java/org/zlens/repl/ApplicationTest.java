package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
  @TempDir Path folder;

  @Test
  void runsStatementsOfTheCommandLineAsOneScript() {
    ProgramRun run = ProgramRun.of("-c", "let t = sample", "-c", "$t | select feature | top 1");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("L2.F417").doesNotContain("tab");
  }

  @Test
  void runsAScriptFromAFileOrFromStandardInput() throws IOException {
    Path script = Files.writeString(folder.resolve("a.zl"), "set seed 5\nset seed\n");
    assertThat(ProgramRun.of("run", script.toString()).out()).contains("5");
    ProgramRun piped = ProgramRun.withInput("set seed 6\nset seed");
    assertThat(piped.exitCode()).isZero();
    assertThat(piped.out()).contains("6");
    assertThat(ProgramRun.withInput("").out()).isEmpty();
  }

  @Test
  void parametersOfAScriptAreGivenBehindItsName() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("p.zl"),
            "param n = 1\nparam name = \"x\"\nparam at\nparam free = [1]\n"
                + "f\"{n + 1} {name} {at} {count(free)}\"\n");
    String file = script.toString();
    ProgramRun run = ProgramRun.of("run", file, "n=-3", "name=12", "at=L2.F417", "free=[1, 2]");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("-2 12 L2.F417 2\n");
    run = ProgramRun.of("--keep-going", "run", file, "at= two words ", "name=\"q\"");
    assertThat(run.out()).isEqualTo("2 \"q\"  two words  1\n");
    run = ProgramRun.of("run", file, "at=1", "m=3");
    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err())
        .contains("p.zl' has no parameter 'm'")
        .contains("--> command line:1:6\n   1 | at=1 m=3\n     |      ^^^\n");
    assertThat(ProgramRun.of("run", file, "at=1", "n=x").err()).contains("'n' is a number, found");
    assertThat(ProgramRun.of("run", file, "n=1").err()).contains("needs a value for 'at'");
    assertThat(ProgramRun.of("run", file).err()).contains("no value is given for 'at'");
    for (String wrong : new String[] {"n", "=3", "a b=3", "-n=3"}) {
      assertThat(ProgramRun.of("run", file, wrong).exitCode()).as(wrong).isEqualTo(2);
    }
    assertThat(ProgramRun.of("run", file, "at=1", "at=2").exitCode()).isEqualTo(2);
  }

  @Test
  void eachKindOfFailureHasItsExitCodeAndLeavesStandardOutputAlone() throws IOException {
    Path latin = folder.resolve("latin.zl");
    Files.write(latin, new byte[] {'s', 'e', 't', ' ', (byte) 0xE9});
    assertFails(65, "-c", "set seed [1");
    assertFails(65, "-c", "ablaet L5.F1");
    assertFails(65, "-c", "set seed \"x\"");
    assertFails(66, "run", folder.resolve("none.zl").toString());
    assertFails(66, "run", latin.toString());
    assertFails(66, "run", folder.toString());
    assertFails(1, "-c", "expect 1 > 2");
    assertFails(2, "--fromat", "json");
    assertFails(2, "--format", "xml");
    assertFails(2, "run");
    assertFails(2, "run", "a.zl", "b.zl");
    assertFails(2, "a.zl");
    assertFails(2, "-c");
    assertFails(2, "-c", "set", "demo");
    assertFails(2, "--debug=yes", "-c", "set");
    assertFails(2, "--init", "a.zl", "--no-init");
  }

  private static void assertFails(int exitCode, String... arguments) {
    ProgramRun run = ProgramRun.of(arguments);
    assertThat(run.err()).startsWith("error: ").doesNotContain("Exception");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aWrongLineIsReportedBeforeTheFirstLineRuns() {
    ProgramRun run = ProgramRun.withInput("sample\nsample\nsample | sort by nothing_such\nfoo");
    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("--> stdin:4:1").contains("^^^");
  }

  @Test
  void aMistakenOptionIsGuessed() {
    assertThat(ProgramRun.of("--fromat", "json").err()).contains("--format");
  }

  @Test
  void stopsAtTheFirstFailureUnlessToldToGoOn() {
    String script = "expect 1 > 2\nfoo\nset seed 9\nset seed";
    assertThat(ProgramRun.withInput("expect 1 > 2\nset seed 9\nset seed").out()).isEmpty();
    ProgramRun run = ProgramRun.withInput(script, "--keep-going");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("9");
    assertThat(run.err()).contains("--> stdin:1:8").contains("--> stdin:2:1");
  }

  @Test
  void quitEndsAScriptWithoutAnError() {
    ProgramRun run = ProgramRun.withInput("quit\nsample");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anInitScriptRunsFirst() throws IOException {
    Path init = Files.writeString(folder.resolve("init.zl"), "set seed 77");
    ProgramRun run = ProgramRun.of("--init", init.toString(), "-c", "set seed");
    assertThat(run.out()).contains("77");
  }

  @Test
  void jsonIsOneObjectALineWithItsProvenance() throws IOException {
    ProgramRun run = ProgramRun.of("--format=json", "-c", "sample; set seed 3; 1 + 2");
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode table = new ObjectMapper().readTree(lines.get(0));
    assertThat(table.at("/rows/0/delta").asDouble()).isEqualTo(-0.5);
    assertThat(table.at("/rows/2/delta").asText()).isEqualTo("-Infinity");
    assertThat(table.at("/rows/2/fired").isNull()).isTrue();
    assertThat(table.at("/provenance/command").asText()).isEqualTo("sample");
    JsonNode number = new ObjectMapper().readTree(lines.get(1));
    assertThat(number.at("/value").asInt()).isEqualTo(3);
    assertThat(number.at("/provenance/seed").asInt()).isEqualTo(3);
  }

  @Test
  void theFormatCanBeSetInTheScript() {
    assertThat(ProgramRun.of("-c", "set format csv\nsample | select feature").out())
        .startsWith("feature\n");
  }

  @Test
  void versionAndHelpNeedNothingElse() {
    assertThat(ProgramRun.of("--version").out()).startsWith("zlens ");
    assertThat(ProgramRun.of("--help").out()).contains("--keep-going").contains("exit codes");
    assertThat(ProgramRun.of("-h").exitCode()).isZero();
  }

  @Test
  void debugShowsWhereAnErrorComesFrom() {
    assertThat(ProgramRun.of("--debug", "run", "none.zl").err()).contains("ZlensException");
  }

  @Test
  void aFullDiskIsAnErrorAndAClosedPipeIsNot() {
    assertThat(runInto("No space left on device")).isEqualTo(66);
    assertThat(runInto("Broken pipe")).isZero();
  }

  private static int runInto(String failure) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    Streams streams =
        new Streams(
            new ByteArrayInputStream(new byte[0]),
            broken,
            OutputStream.nullOutputStream(),
            false,
            false,
            false,
            0,
            false);
    return new Application(streams, ProgramRun.registry()).run("-c", "sample; sample | show");
  }
}
