package org.zlens.engine.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;
import org.zlens.engine.runtime.Progress;

/** Which browser is taken, and what comes of one that does not draw. */
class PictureFaultTest {
  @TempDir private Path folder;

  private Path program(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Plot plot() {
    Scale x = new Scale.Names(List.of("a", "b"));
    Series series = new Series("one", x, new double[] {1, 2});
    return new Plot(
        "title",
        new Axis("x", ""),
        new Axis("y", ""),
        new Plot.Marks(Plot.Mark.BAR, List.of(series)),
        List.of(),
        List.of());
  }

  private Stream<String> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.map(file -> file.getFileName().toString()).toList().stream()
          .filter(name -> name.startsWith("zlens-picture"));
    }
  }

  @Test
  void theOneThatIsNamedComesBeforeThoseOnThePath() throws IOException {
    Path chrome = program("google-chrome", "exit 0");
    Path other = program("other", "exit 0");
    String path = File.pathSeparator + "/no/such/folder" + File.pathSeparator + folder;
    assertThat(BrowserProgram.find(Map.of("PATH", path)::get)).isEqualTo(chrome);
    Map<String, String> named = Map.of("PATH", path, "ZLENS_BROWSER", other.toString());
    assertThat(BrowserProgram.find(named::get)).isEqualTo(other);
    Map<String, String> wrong = Map.of("PATH", path, "ZLENS_BROWSER", folder + "/none");
    assertThatThrownBy(() -> BrowserProgram.find(wrong::get))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("is no program: '" + folder + "/none'");
  }

  @Test
  void oneThatEndsIsToldWithWhatItSaid() throws IOException {
    Path program = program("broken", "echo 'no usable sandbox' >&2; exit 3");
    Path file = Files.writeString(folder.resolve("picture.svg"), "what was there");
    List<String> before = leftBehind().toList();
    assertThatThrownBy(
            () ->
                new Picture(program, PictureFormat.SVG, 300, 200)
                    .write(plot(), file, Progress.NONE))
        .isInstanceOfSatisfying(
            ZlensException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.RUNTIME);
              assertThat(e.getMessage()).isEqualTo("the browser has ended");
              assertThat(e.hint()).contains("it said: no usable sandbox", "ZLENS_BROWSER");
            });
    assertThat(file).hasContent("what was there");
    assertThat(leftBehind().toList()).isEqualTo(before);
  }

  @Test
  void whoWaitsForOneThatSaysNothingCanStop() throws IOException {
    Path program = program("silent", "exec sleep 1000");
    List<String> before = leftBehind().toList();
    int[] asked = {0};
    Progress impatient =
        (done, total) -> {
          if (++asked[0] > 20) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        };
    assertThatThrownBy(
            () ->
                new Picture(program, PictureFormat.PNG, 300, 200)
                    .write(plot(), folder.resolve("no.png"), impatient))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED));
    assertThat(folder.resolve("no.png")).doesNotExist();
    assertThat(leftBehind().toList()).isEqualTo(before);
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
        .noneMatch(one -> one.info().commandLine().orElse("").contains("sleep 1000"));
  }
}
