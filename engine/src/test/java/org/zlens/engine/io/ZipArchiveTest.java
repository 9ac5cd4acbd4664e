package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {
  private static final byte[] CONTENT = "hello".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  /** A zip as torch writes it beyond 4 GB: all numbers of the one entry are in zip64 fields. */
  private static ByteBuffer zip64(String name, long size, long entries) {
    byte[] raw = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer zip = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    CRC32 crc = new CRC32();
    crc.update(CONTENT);
    zip.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 0);
    zip.putInt(0).putInt(0).putInt(0).putInt(0);
    zip.putShort((short) raw.length).putShort((short) 0).put(raw).put(CONTENT);
    final int directory = zip.position();
    zip.putInt(0x02014b50).putInt(0x002d002d).putShort((short) 0).putShort((short) 0).putInt(0);
    zip.putInt((int) crc.getValue()).putInt(-1).putInt(-1);
    zip.putShort((short) raw.length).putShort((short) 28).putShort((short) 0);
    zip.putShort((short) 0).putShort((short) 0).putInt(0).putInt(-1).put(raw);
    zip.putShort((short) 1).putShort((short) 24).putLong(size).putLong(CONTENT.length).putLong(0);
    final int end64 = zip.position();
    zip.putInt(0x06064b50).putLong(44).putInt(0x002d002d).putInt(0).putInt(0);
    zip.putLong(entries).putLong(entries).putLong(end64 - directory).putLong(directory);
    zip.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
    zip.putInt(-1).putInt(-1).putShort((short) 0);
    return zip.flip();
  }

  private String read(ByteBuffer zip, String name) throws IOException {
    Path path = folder.resolve("a.zip");
    Files.write(path, Arrays.copyOf(zip.array(), zip.limit()));
    try (FileChannel channel = FileChannel.open(path)) {
      ZipArchive archive = new ZipArchive(path, channel);
      Block block = archive.block(archive.member(name));
      ByteBuffer bytes = ByteBuffer.allocate((int) block.size());
      block.read(0, bytes);
      return new String(bytes.array(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void readsTheWideFieldsOfLargeArchives() throws IOException {
    assertThat(read(zip64("a/data", 5, 1), "a/data")).isEqualTo("hello");
  }

  @Test
  void refusesWideFieldsThatLie() {
    assertThatThrownBy(() -> read(zip64("a", Long.MAX_VALUE, 1), "a"))
        .hasMessageContaining("claims 9223372036854775807 bytes from 5");
    assertThatThrownBy(() -> read(zip64("a", -1, 1), "a")).hasMessageContaining("impossible size");
    assertThatThrownBy(() -> read(zip64("a", 5, 1L << 50), "a"))
        .hasMessageContaining("directory is too large");
    assertThatThrownBy(() -> read(zip64("a", 5, 2), "a"))
        .hasMessageContaining("damaged at entry 1");
    assertThatThrownBy(() -> read(zip64("C:/a", 5, 1), "a")).hasMessageContaining("outside");
  }
}
