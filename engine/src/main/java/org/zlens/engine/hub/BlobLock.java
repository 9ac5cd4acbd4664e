package org.zlens.engine.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The right to write one file of the cache, which one thread of one process has at a time. */
final class BlobLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private BlobLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Takes a lock if nobody has it. */
  static Optional<BlobLock> tryTake(Path file) {
    Path path = file.toAbsolutePath().normalize();
    if (!HELD.add(path)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      Files.createDirectories(path.getParent());
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      taken = isLocked(channel);
      return taken ? Optional.of(new BlobLock(path, channel)) : Optional.empty();
    } catch (IOException e) {
      throw BlobWriter.failure(path, e);
    } finally {
      if (!taken) {
        HELD.remove(path);
        close(channel);
      }
    }
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system without locks: whoever writes the same file makes a wrong hash, no more.
      return true;
    }
  }

  /** Gives it back; the file stays, since another may wait for it. */
  @Override
  public void close() {
    close(channel);
    HELD.remove(path);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // The process gives it back when it ends, at the latest.
    }
  }
}
