package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Damaged files, and the one thing that may happen when they are read. */
final class HostileBytes {
  /** Windows, headers and the values of a small file; far below what a lie in it would cost. */
  private static final long MOST_ALLOCATED = 96L << 20;

  private static final long[] EXTREMES = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0xffff, 0x10000, 0x7fffffffL, 0x80000000L, 1L << 40
  };

  private HostileBytes() {}

  /** Changes a few bytes, cuts, repeats or overwrites numbers by extreme ones. */
  static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0, 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> overwrite(bytes, at, random);
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(64), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static void overwrite(byte[] bytes, int at, Random random) {
    int width = 1 << random.nextInt(4);
    if (at + width <= bytes.length) {
      byte[] number = new byte[8];
      ByteBuffer.wrap(number)
          .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
          .putLong(EXTREMES[random.nextInt(EXTREMES.length)]);
      System.arraycopy(number, 0, bytes, at, width);
    }
  }

  /** Changes the entries whose names end so inside a zip, with the right CRC-32 again. */
  static byte[] mutateEntries(Path archive, String suffix, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipFile in = new ZipFile(archive.toFile());
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(suffix)) {
          bytes = mutate(bytes, random);
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setMethod(ZipEntry.STORED);
        copy.setSize(bytes.length);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        copy.setCrc(crc.getValue());
        zip.putNextEntry(copy);
        zip.write(bytes);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** Reads the bytes as a file: it works or is refused as bad data, and costs little memory. */
  static void check(byte[] bytes, Consumer<Path> reader) throws IOException {
    Path file = Files.createTempFile("hostile", ".bin");
    try {
      Files.write(file, bytes);
      // A first reading also loads classes, and a fuzzer instruments them on this very thread.
      if (allocated(file, reader) >= MOST_ALLOCATED) {
        assertThat(allocated(file, reader)).isLessThan(MOST_ALLOCATED);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static long allocated(Path file, Consumer<Path> reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.accept(file);
    } catch (ZlensException e) {
      assertThat(e.kind()).isEqualTo(Kind.DATA);
      assertThat(e).hasMessageContaining(file.toString());
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Reads everything in a file. */
  static void readAll(TensorFile open) {
    try (TensorFile file = open) {
      for (String name : file.names()) {
        file.floats(name);
        if (!file.info(name).type().isFloat()) {
          file.readLongs(name);
        }
      }
    }
  }
}
