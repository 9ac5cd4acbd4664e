package org.zlens.dsl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.AtomicFile;

class FileAccessTest {
  @TempDir Path folder;
  private Path inside;
  private Path outside;

  @BeforeEach
  void makeFolders() throws IOException {
    inside = Files.createDirectories(folder.resolve("inside"));
    outside = Files.createDirectories(folder.resolve("outside"));
  }

  @Test
  void whatIsSafeReadsBelowItsFolderAlone() throws IOException {
    FileAccess files = new FileAccess(inside);
    Files.createSymbolicLink(inside.resolve("link"), outside);
    assertThat(files.input("../outside/a")).isNotNull();
    files.makeSafe();
    assertThat(files.input("a/b.csv")).isEqualTo(inside.resolve("a/b.csv"));
    assertThat(files.input("x/../a")).isNotNull();
    for (String name : new String[] {"../outside/a", outside.toString(), "link/a", "link", ".."}) {
      assertThatThrownBy(() -> files.input(name))
          .as(name)
          .isInstanceOf(ZlensException.class)
          .hasMessage(
              "with --safe only files below the current folder are read, found '" + name + "'");
    }
  }

  @Test
  void aTildeIsTheFolderOfTheUser() {
    Path home = Path.of(System.getProperty("user.home"));
    FileAccess files = new FileAccess(inside);
    assertThat(files.input("~")).isEqualTo(home);
    assertThat(files.input("~/models/tiny")).isEqualTo(home.resolve("models/tiny"));
    assertThat(files.output("~/a.csv")).isEqualTo(home.resolve("a.csv"));
    assertThat(files.input("~a")).isEqualTo(inside.resolve("~a"));
    assertThat(files.input("a/~/b")).isEqualTo(inside.resolve("a/~/b"));
    files.makeSafe();
    assertThatThrownBy(() -> files.input("~/models")).isInstanceOf(ZlensException.class);
  }

  @Test
  void whatIsSafeWritesNothing() {
    FileAccess files = new FileAccess(inside);
    assertThat(files.output("a.csv")).isEqualTo(inside.resolve("a.csv"));
    files.makeSafe();
    assertThatThrownBy(() -> files.output("a.csv"))
        .hasMessage("with --safe no file is written, found 'a.csv'");
  }

  @Test
  void whatIsDivertedIsReadBackFromWhereItWent() throws IOException {
    FileAccess files = new FileAccess(inside);
    files.divert(outside);
    Path written = files.output("sub/../a.csv");
    assertThat(written.startsWith(outside)).isTrue();
    assertThat(files.input("a.csv")).isEqualTo(inside.resolve("a.csv"));
    Files.createDirectories(written.getParent());
    Files.writeString(written, "x");
    assertThat(files.input("a.csv")).isEqualTo(written);
  }

  /** A folder that was there keeps its files, and none of them is written to. */
  @Test
  void aFolderThatWasWrittenIntoIsReadWithWhatItHeldBefore() throws IOException {
    Files.createDirectories(inside.resolve("m/deep"));
    Files.writeString(inside.resolve("m/a"), "old a");
    Files.writeString(inside.resolve("m/deep/b"), "old b");
    FileAccess files = new FileAccess(inside);
    files.divert(outside);
    AtomicFile.write(
        files.output("m/a"), channel -> channel.write(ByteBuffer.wrap(new byte[] {'x'})));
    Path read = files.input("m");
    assertThat(read.resolve("a")).hasContent("x");
    assertThat(read.resolve("deep/b")).hasContent("old b");
    AtomicFile.write(
        files.output("m/deep/b"), channel -> channel.write(ByteBuffer.wrap(new byte[] {'y'})));
    assertThat(files.input("m").resolve("deep/b")).hasContent("y");
    assertThat(inside.resolve("m/a")).hasContent("old a");
    assertThat(inside.resolve("m/deep/b")).hasContent("old b");
  }

  @Test
  void aFolderOfVeryManyFilesIsNotReadSo() throws IOException {
    Path deep = inside.resolve("m");
    for (int i = 0; i < 40; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    FileAccess files = new FileAccess(inside);
    files.divert(outside);
    Files.createDirectories(files.output("m"));
    assertThatThrownBy(() -> files.input("m"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("cannot read the folder '");
  }
}
