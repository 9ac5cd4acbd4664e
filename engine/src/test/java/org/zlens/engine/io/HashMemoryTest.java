package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hash is remembered for the file that it is of, and for no other. */
class HashMemoryTest {
  private static final int LARGE = 17 << 20;

  @TempDir private Path folder;

  private Path large() throws IOException {
    Path file = folder.resolve("weights");
    Files.write(file, new byte[LARGE]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    return file;
  }

  @Test
  void aLargeFileIsHashedOnce() throws IOException {
    Path file = large();
    Path memory = folder.resolve("memory/hashes");
    String hash = new HashMemory(memory).sha256(file);
    assertThat(hash).isEqualTo(FileHash.sha256(file));
    String told = "ab".repeat(32);
    Files.writeString(memory, Files.readString(memory).replace(hash, told));
    assertThat(new HashMemory(memory).sha256(file)).as("read from the memory").isEqualTo(told);
  }

  @Test
  void aFileThatWasWrittenToIsHashedAgain() throws IOException {
    Path file = large();
    Path memory = folder.resolve("hashes");
    String before = new HashMemory(memory).sha256(file);
    FileTime time = Files.getLastModifiedTime(file);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(LARGE / 2);
      bytes.write(1);
    }
    Files.setLastModifiedTime(file, FileTime.from(time.toInstant().minusSeconds(1)));
    assertThat(new HashMemory(memory).sha256(file)).isNotEqualTo(before);
  }

  @Test
  void aMemoryOfAnythingElseIsNone() throws IOException {
    Path file = large();
    Path memory = folder.resolve("hashes");
    String hash = FileHash.sha256(file);
    for (String text : new String[] {"", "\n\n", "x".repeat(1 << 18), hash, "\0" + hash + " x"}) {
      Files.writeString(memory, text);
      assertThat(new HashMemory(memory).sha256(file)).isEqualTo(hash);
    }
    Files.delete(memory);
    Files.createDirectories(memory);
    assertThat(new HashMemory(memory).sha256(file)).isEqualTo(hash);
  }

  @Test
  void smallFilesAndFilesOfThisMomentAreNotRemembered() throws IOException {
    Path memory = folder.resolve("hashes");
    Path small = folder.resolve("small");
    Files.write(small, new byte[100]);
    Path fresh = folder.resolve("fresh");
    Files.write(fresh, new byte[LARGE]);
    Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().plusSeconds(100)));
    new HashMemory(memory).sha256(small);
    new HashMemory(memory).sha256(fresh);
    assertThat(memory).doesNotExist();
  }
}
