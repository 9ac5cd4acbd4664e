package org.zlens.dsl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;

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
      assertThatThrownBy(() -> files.input(name)).as(name).isInstanceOf(ZlensException.class);
    }
  }

  @Test
  void whatIsSafeWritesNothing() {
    FileAccess files = new FileAccess(inside);
    assertThat(files.output("a.csv")).isEqualTo(inside.resolve("a.csv"));
    files.makeSafe();
    assertThatThrownBy(() -> files.output("a.csv")).hasMessageContaining("'a.csv'");
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
}
