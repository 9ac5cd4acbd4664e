package org.zlens.engine.io;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The SHA-256 of files, by which results say what they were made from.
 *
 * <p>The whole content is hashed, whatever the size. The hash of a file that was hashed before is
 * remembered as long as its size, its time of change and its place on the disk stay the same; a
 * file that changed less than two seconds ago is not remembered, since it could change again
 * without its time showing it.
 */
public final class FileHash {
  private static final int WINDOW = 1 << 20;
  private static final int MOST_REMEMBERED = 1024;
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Map<FileVersion, String> REMEMBERED =
      new LinkedHashMap<>() {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileVersion, String> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private FileHash() {}

  /** The SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits. */
  public static String sha256(Path path) {
    try {
      FileVersion version = FileVersion.of(path);
      synchronized (REMEMBERED) {
        if (REMEMBERED.containsKey(version)) {
          return REMEMBERED.get(version);
        }
      }
      boolean settled = version.changed().toInstant().plus(SETTLED).isBefore(Instant.now());
      String hash = read(path);
      if (settled) {
        synchronized (REMEMBERED) {
          REMEMBERED.put(version, hash);
        }
      }
      return hash;
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /**
   * Remembers the hash of a file that was hashed as it was written, so that it need not be read
   * again in this process as long as it stays what it is now.
   *
   * @param sha256 of its bytes, as {@link #sha256(Path)} gives it
   */
  public static void learn(Path path, String sha256) {
    FileVersion version = FileVersion.of(path);
    synchronized (REMEMBERED) {
      REMEMBERED.put(version, sha256);
    }
  }

  private static String read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer window = ByteBuffer.allocate(WINDOW);
      while (channel.read(window.clear()) >= 0) {
        digest.update(window.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
