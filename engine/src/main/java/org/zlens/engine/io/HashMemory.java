package org.zlens.engine.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.zlens.engine.ZlensException;

/**
 * Hashes of large files, remembered from one process to the next in a file of their own.
 *
 * <p>A hash is remembered for a place on the disk, a size and the times of the last change of
 * content and of anything; the last of these nobody can set back where the system keeps it, so that
 * a file that was written to is hashed again. A memory that cannot be read or written is none.
 */
public final class HashMemory {
  /** Remembers nothing. */
  public static final HashMemory NONE = new HashMemory(null);

  private static final long SMALLEST = 1 << 24;
  private static final int MOST = 1024;
  private static final Pattern LINE = Pattern.compile("[0-9a-f]{64} [0-9a-f]{64}");
  private static final int LINE_LENGTH = 130;
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private final Path memory;

  /** A memory in a file, which is made when there is something to remember. */
  public HashMemory(Path memory) {
    this.memory = memory;
  }

  /** The SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits. */
  public String sha256(Path path) {
    if (memory == null || FileVersion.of(path).size() < SMALLEST) {
      return FileHash.sha256(path);
    }
    String key = key(path);
    String known = known().get(key);
    if (known != null) {
      return known;
    }
    String found = FileHash.sha256(path);
    // A file that changed while it was read, or could still without its times showing it.
    if (isSettled(path) && key(path).equals(key)) {
      remember(key, found);
    }
    return found;
  }

  private static String key(Path path) {
    String text = FileVersion.of(path) + " " + anyChange(path);
    return FileHash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** When content, name or rights changed last; an empty text where nobody tells. */
  private static String anyChange(Path path) {
    try {
      return String.valueOf(Files.getAttribute(path, "unix:ctime"));
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static boolean isSettled(Path path) {
    Instant changed = FileVersion.of(path).changed().toInstant();
    return changed.plus(SETTLED).isBefore(Instant.now());
  }

  /** Hashes by keys, the oldest first; lines of another form are left out. */
  private Map<String, String> known() {
    Map<String, String> all = new LinkedHashMap<>();
    try {
      if (!Files.isRegularFile(memory) || Files.size(memory) > (long) MOST * LINE_LENGTH) {
        return all;
      }
      for (String line : Files.readString(memory, StandardCharsets.ISO_8859_1).split("\n")) {
        if (LINE.matcher(line).matches()) {
          all.put(line.substring(0, 64), line.substring(65));
        }
      }
      return all;
    } catch (IOException e) {
      return all;
    }
  }

  private void remember(String key, String sha256) {
    Map<String, String> all = known();
    all.put(key, sha256);
    List<String> lines =
        all.entrySet().stream()
            .skip(Math.max(0, all.size() - MOST))
            .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
            .toList();
    try {
      AtomicFile.writeText(memory, String.join("", lines));
    } catch (ZlensException e) {
      // Then the file is hashed again the next time.
    }
  }
}
