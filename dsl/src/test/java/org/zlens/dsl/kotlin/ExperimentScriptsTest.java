package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.Table;

/** The experiments in {@code scripts/}: they run, their numbers agree, and editors know them. */
class ExperimentScriptsTest {
  private static final Path SCRIPTS = Path.of("..", "scripts");

  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  private void run(String name, String... arguments) throws IOException {
    talk.script(name, Files.readString(SCRIPTS.resolve(name)), arguments);
  }

  private Table table(String variable) {
    return ((TableValue) talk.session.variables().get(variable)).table();
  }

  @Test
  void theGreedySearchTakesAwayMoreAndMore() throws IOException {
    run("greedy-circuit.zlens.kts", "n=4", "width=3", "most=2", "share=-100");

    Table steps = table("steps");
    double[] left = steps.doubleColumn("difference").asDoubleArray();
    assertThat(left).hasSize(3);
    assertThat(left[1]).isLessThan(left[0]);
    assertThat(steps.doubleColumn("share").get(0)).isEqualTo(1);
    List<String> without = steps.stringColumn("without").asList();
    assertThat(without).doesNotHaveDuplicates().first().isEqualTo("nothing");
    talk.command(
        "ablate feature "
            + String.join(" ", without.subList(1, 3))
            + " at S2 by none | select ablated");
    Table again = ((TableValue) talk.values.get(talk.values.size() - 1)).table();
    assertThat(again.doubleColumn("ablated").get(0)).isCloseTo(left[2], within(1e-4));
    assertThat(talk.printed).contains("2 features of L2 are not enough");
  }

  @Test
  void theBootstrapIntervalHoldsTheMean() throws IOException {
    run("bootstrap-ablation.zlens.kts", "n=8", "draws=200");

    Table intervals = table("intervals");
    Table effects = table("effects");
    assertThat(intervals.stringColumn("order").asList()).containsExactly("all", "ABBA", "BABA");
    assertThat(intervals.intColumn("prompts").get(0)).isEqualTo(8);
    assertThat(intervals.intColumn("prompts").get(1) + intervals.intColumn("prompts").get(2))
        .isEqualTo(8);
    assertThat(intervals.doubleColumn("mean").get(0))
        .isCloseTo(effects.doubleColumn("delta").mean(), within(1e-9));
    for (int row = 0; row < 3; row++) {
      double mean = intervals.doubleColumn("mean").get(row);
      assertThat(intervals.doubleColumn("low").get(row)).isLessThanOrEqualTo(mean);
      assertThat(intervals.doubleColumn("high").get(row)).isGreaterThanOrEqualTo(mean);
      if (intervals.intColumn("prompts").get(row) == 1) {
        continue;
      }
      double low = intervals.doubleColumn("normal_low").get(row);
      double high = intervals.doubleColumn("normal_high").get(row);
      assertThat((low + high) / 2).isCloseTo(mean, within(1e-9));
    }
  }

  @Test
  void theGridHasARowForEachHead() throws IOException {
    run("head-position-grid.zlens.kts", "n=4");

    Table grid = table("grid");
    assertThat(grid.rowCount()).isEqualTo(32);
    assertThat(grid.columnNames()).contains("head", "IO", "S1", "S2", "END");
    assertThat(talk.printed).contains("correlate at");
    talk.command("sweep heads at S2 by none | select effect");
    Table again = ((TableValue) talk.values.get(talk.values.size() - 1)).table();
    assertThat(grid.doubleColumn("S2").sum())
        .isCloseTo(again.doubleColumn("effect").sum(), within(1e-6));
  }

  /** The model that a study ships is the one that its script writes, to the bit. */
  @Test
  void thePlantedModelIsThatOfTheScript(@TempDir Path folder) throws IOException {
    run("plant-s-inhibition.zlens.kts", "to=" + folder);

    Path shipped = Path.of("..", "examples", "s-inhibition-qk", "planted");
    try (Stream<Path> files = Files.walk(shipped)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(8);
      for (Path file : all) {
        assertThat(folder.resolve(shipped.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  /** The marker in the jar is how the compiler, and editors like it, find out what a script is. */
  @Test
  void editorsFindWhatScriptsAre(@TempDir Path folder) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-Xallow-any-scripts-in-source-roots", "-Xuse-fir-lt=false", "-no-stdlib"));
    arguments.addAll(List.of("-d", folder.toString(), "-jvm-target", "17", "-cp"));
    List<String> jars = ScriptClasspath.INSTANCE.files().stream().map(File::toString).toList();
    arguments.add(String.join(File.pathSeparator, jars));
    try (Stream<Path> scripts = Files.list(SCRIPTS)) {
      scripts.map(Path::toString).filter(ScriptRunner::isScript).sorted().forEach(arguments::add);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();

    ExitCode code =
        new K2JVMCompiler()
            .exec(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                arguments.toArray(String[]::new));

    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("Greedy_circuit_zlens.class")).exists();
  }
}
