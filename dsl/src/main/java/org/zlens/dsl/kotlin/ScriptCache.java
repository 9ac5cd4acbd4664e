package org.zlens.dsl.kotlin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.AtomicFile;

/**
 * Compiled scripts in a folder, one file each. It is a help and no more: what cannot be read is not
 * there, and what cannot be written is left out.
 *
 * <p>A file is the SHA-256 of the rest, then the name of the main class and the class files.
 */
final class ScriptCache {
  private static final String ENDING = ".classes";
  private static final int FILES = 200;
  private static final long ALL_BYTES = 64L << 20;
  private static final int BYTES = 16 << 20;
  private static final int CLASSES = 10_000;

  /** A file that is written for so long has lost its writer. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final int files;
  private final long bytes;

  /**
   * @param folder where to, or null to keep nothing
   */
  ScriptCache(Path folder) {
    this(folder, FILES, ALL_BYTES);
  }

  /**
   * @param files most files that stay
   * @param bytes most bytes that all files together take
   */
  ScriptCache(Path folder, int files, long bytes) {
    this.folder = folder;
    this.files = files;
    this.bytes = bytes;
  }

  /**
   * The cache of the user: the folder {@code ZLENS_SCRIPT_CACHE}, none if that is set to nothing,
   * else one in the cache folder by the XDG rules.
   */
  static ScriptCache ofUser(UnaryOperator<String> environment) {
    String chosen = environment.apply("ZLENS_SCRIPT_CACHE");
    if (chosen != null) {
      return new ScriptCache(chosen.isBlank() ? null : path(chosen));
    }
    String root = environment.apply("XDG_CACHE_HOME");
    String home = environment.apply("HOME");
    if (root == null || root.isBlank()) {
      root = home == null || home.isBlank() ? null : home + "/.cache";
    }
    return new ScriptCache(root == null ? null : path(root + "/zlens/scripts"));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The classes that were kept under a key, if they are there and whole. */
  Optional<ScriptClasses> find(String key) {
    if (folder == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(key + ENDING);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > BYTES) {
        return Optional.empty();
      }
      ScriptClasses found = read(Files.readAllBytes(file));
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
      return Optional.ofNullable(found);
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static ScriptClasses read(byte[] bytes) throws IOException {
    if (bytes.length < Digest.LENGTH) {
      return null;
    }
    byte[] content = Arrays.copyOfRange(bytes, Digest.LENGTH, bytes.length);
    if (!Arrays.equals(Digest.of(content), Arrays.copyOf(bytes, Digest.LENGTH))) {
      return null;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    String main = in.readUTF();
    int count = in.readInt();
    if (count < 1 || count > CLASSES) {
      return null;
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      int length = in.readInt();
      if (length < 0 || length > in.available()) {
        return null;
      }
      files.put(name, in.readNBytes(length));
    }
    return new ScriptClasses(main, files);
  }

  /** Keeps classes under a key; the files used longest ago make room. */
  void keep(String key, ScriptClasses classes) {
    if (folder == null) {
      return;
    }
    try {
      byte[] content = content(classes);
      if (content.length + Digest.LENGTH > BYTES) {
        return;
      }
      Files.createDirectories(folder);
      AtomicFile.write(
          folder.resolve(key + ENDING),
          channel -> {
            channel.write(ByteBuffer.wrap(Digest.of(content)));
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
          });
      makeRoom();
    } catch (IOException | UncheckedIOException | ZlensException e) {
      // A cache that cannot be written only makes the next start slower.
      return;
    }
  }

  private static byte[] content(ScriptClasses classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(classes.main());
    out.writeInt(classes.files().size());
    for (Map.Entry<String, byte[]> file : new TreeMap<>(classes.files()).entrySet()) {
      out.writeUTF(file.getKey());
      out.writeInt(file.getValue().length);
      out.write(file.getValue());
    }
    return bytes.toByteArray();
  }

  private void makeRoom() throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.list(folder)) {
      all = found.toList();
    }
    FileTime abandoned = FileTime.from(Instant.now().minus(ABANDONED));
    int kept = 0;
    long size = 0;
    for (Path file :
        all.stream().sorted(Comparator.comparing(ScriptCache::used).reversed()).toList()) {
      if (file.toString().endsWith(ENDING)) {
        kept++;
        size += size(file);
        if (kept > files || size > bytes) {
          Files.deleteIfExists(file);
        }
      } else if (file.toString().endsWith(AtomicFile.PART) && used(file).compareTo(abandoned) < 0) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** When it was used last; another process may have deleted it meanwhile. */
  private static FileTime used(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
