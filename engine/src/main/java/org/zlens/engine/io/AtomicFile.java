package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Writes a file so that it is either wholly there or not at all. */
public final class AtomicFile {
  /** How the name of a file ends that is being written. */
  public static final String PART = ".part";

  private AtomicFile() {}

  /** What to write into the open file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; whatever is thrown leaves the old file as it was. */
    void write(FileChannel channel) throws IOException;
  }

  /** What to write by a library that opens files itself. */
  @FunctionalInterface
  public interface PathContent {
    /** Writes everything to an empty file; whatever is thrown leaves the old file as it was. */
    void write(Path path) throws IOException;
  }

  /** Writes a temporary file beside the target, then moves it over the target in one step. */
  public static void write(Path target, Content content) {
    writePath(
        target,
        path -> {
          try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            content.write(channel);
            channel.force(false);
          }
        });
  }

  /** The same for a text, in UTF-8. */
  public static void writeText(Path target, String text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    write(
        target,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /** The same for content that wants the path of the temporary file. */
  public static void writePath(Path target, PathContent content) {
    Path absolute = target.toAbsolutePath();
    Path temporary = null;
    try {
      Files.createDirectories(absolute.getParent());
      // Not by createTempFile, whose files nobody but the owner could read once they are moved.
      String name = ".zlens-" + UUID.randomUUID() + PART;
      temporary = Files.createFile(absolute.resolveSibling(name));
      content.write(temporary);
      move(temporary, absolute);
      temporary = null;
    } catch (IOException e) {
      String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
      throw new ZlensException(
          Kind.DATA,
          "'" + target + "' cannot be written: " + (reason == null ? e.toString() : reason),
          null,
          e);
    } finally {
      discard(temporary);
    }
  }

  /** Removes what writers that were killed have left half written in a folder. */
  public static void discardLeftovers(Path folder) {
    discardLeftovers(folder, Duration.ZERO);
  }

  /**
   * The same where others may be writing at this moment.
   *
   * @param age for how long nobody may have written to what is removed
   */
  public static void discardLeftovers(Path folder, Duration age) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".zlens-*" + PART)) {
      for (Path part : parts) {
        Instant written = Files.getLastModifiedTime(part).toInstant();
        if (age.isZero() || written.plus(age).isBefore(Instant.now())) {
          Files.deleteIfExists(part);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new ZlensException(
          Kind.DATA, "cannot tidy the folder '" + folder + "': " + e.getMessage(), null, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException ignored) {
        // A left-over temporary file is the lesser trouble; the failure itself is thrown already.
      }
    }
  }
}
