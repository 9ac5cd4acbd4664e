package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application through its launcher; runs once it is packaged. */
@Tag("packaged")
class PackagedTest {
  @TempDir Path folder;

  private record Result(int exitCode, String out, String err) {}

  private static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }

  private static Path application() {
    return root().resolve("repl/target/zlens");
  }

  private ProcessBuilder launcher(Path program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("ZLENS_APP", application().toString());
    builder.environment().remove("ZLENS_JAVA_OPTIONS");
    return builder;
  }

  private Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    int exitCode = process.waitFor();
    return new Result(exitCode, Files.readString(out), Files.readString(err));
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    return run(launcher(root().resolve("bin/zlens"), arguments));
  }

  @Test
  void helpLoadsNoClassOfTheNativeLibrary() throws IOException, InterruptedException {
    Path log = folder.resolve("classes.log");
    ProcessBuilder builder = launcher(root().resolve("bin/zlens"), "-c", "help");
    builder.environment().put("ZLENS_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
    Result help = run(builder);
    assertThat(help.exitCode()).as(help.err()).isZero();
    assertThat(help.out()).contains("where");
    String classes = Files.readString(log);
    assertThat(classes).contains("org.zlens.repl.Main").doesNotContain("ai.djl.");
    assertThat(classes).doesNotContain("org.jline.terminal.TerminalBuilder");
  }

  @Test
  void resultsErrorsAndExitCodesGoWhereScriptsExpectThem()
      throws IOException, InterruptedException {
    Result good = run("--format", "csv", "-c", "set seed 5; set seed");
    assertThat(good.exitCode()).isZero();
    assertThat(good.out()).contains("seed,5,");
    assertThat(good.err()).isEmpty();
    Result bad = run("-c", "ablaet L5.F1");
    assertThat(bad.exitCode()).isEqualTo(65);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err()).startsWith("error: ").contains("^^^^^^");
    assertThat(run("run", "none.zl").exitCode()).isEqualTo(66);
    assertThat(run("--nonsense").exitCode()).isEqualTo(2);
    assertThat(run("--version").out()).startsWith("zlens 0");
  }

  @Test
  void worksThroughALinkFromAnyFolderInAnyLocale() throws IOException, InterruptedException {
    Path bin = Files.createDirectories(folder.resolve("a folder with spaces"));
    Path link = Files.createSymbolicLink(bin.resolve("zl"), root().resolve("bin/zlens"));
    Files.writeString(folder.resolve("é.zl"), "\"naïve\"\n");
    ProcessBuilder builder = launcher(link, "run", "é.zl");
    builder.environment().put("LC_ALL", "C");
    Result result = run(builder);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("naïve\n");
  }

  @Test
  void aReaderThatStopsReadingIsNoError() throws IOException, InterruptedException {
    ProcessBuilder builder =
        launcher(
            Path.of("/bin/sh"),
            "-c",
            "'" + root().resolve("bin/zlens") + "' -c 'help; help; help' | head -n 1");
    Result result = run(builder);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSize(1);
  }

  @Test
  void aFullDiskIsSaidOnce() throws IOException, InterruptedException {
    ProcessBuilder builder =
        launcher(
            Path.of("/bin/sh"),
            "-c",
            "'" + root().resolve("bin/zlens") + "' -c 'help; help' > /dev/full");
    Result result = run(builder);
    assertThat(result.exitCode()).isEqualTo(66);
    assertThat(result.err()).startsWith("error: cannot write the results").doesNotContain("\tat ");
  }

  @Test
  void twoFirstLaunchesAtOnceBothRunAndLeaveOneArchive() throws IOException, InterruptedException {
    Path copy = folder.resolve("application");
    copyApplication(copy);
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ProcessBuilder builder = launcher(root().resolve("bin/zlens"), "--version");
      builder.environment().put("ZLENS_APP", copy.toString());
      both.add(builder.start());
    }
    for (Process process : both) {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      assertThat(out).startsWith("zlens 0");
    }
    long end = System.nanoTime() + 120_000_000_000L;
    while (names(copy).stream().anyMatch(name -> name.endsWith(".lock"))
        || names(copy).stream().noneMatch(name -> name.endsWith(".jsa"))) {
      assertThat(System.nanoTime()).as("%s", names(copy)).isLessThan(end);
      Thread.sleep(200);
    }
    assertThat(names(copy)).filteredOn(name -> name.endsWith(".jsa")).hasSize(1);
    ProcessBuilder warm = launcher(root().resolve("bin/zlens"), "-c", "1 + 1");
    warm.environment().put("ZLENS_APP", copy.toString());
    assertThat(run(warm).out()).isEqualTo("2\n");
  }

  private static void copyApplication(Path to) throws IOException {
    Files.createDirectories(to.resolve("lib"));
    Files.copy(application().resolve("zlens.jar"), to.resolve("zlens.jar"));
    try (Stream<Path> jars = Files.list(application().resolve("lib"))) {
      for (Path jar : jars.toList()) {
        Files.createSymbolicLink(to.resolve("lib").resolve(jar.getFileName()), jar);
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
