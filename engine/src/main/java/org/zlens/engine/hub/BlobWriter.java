package org.zlens.engine.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileHash;

/**
 * Writes a file of the cache beside where it will stand: from the front, so that what is there at
 * any moment is the beginning of the file, and hashed as it is written.
 *
 * <p>The name is not that of huggingface_hub's own unfinished files: those may have holes.
 */
final class BlobWriter implements AutoCloseable {
  static final String UNFINISHED = ".zlens.incomplete";

  private static final int WINDOW = 1 << 20;

  private final Path blob;
  private final Path unfinished;
  private final HubFile file;
  private final FileChannel channel;
  private MessageDigest digest;
  private volatile long position;

  private BlobWriter(Path blob, Path unfinished, HubFile file, FileChannel channel) {
    this.blob = blob;
    this.unfinished = unfinished;
    this.file = file;
    this.channel = channel;
  }

  /** Goes on where a writer before ended, or begins; the caller holds the lock of the blob. */
  static BlobWriter open(Path blob, HubFile file) {
    Path unfinished = blob.resolveSibling(blob.getFileName() + UNFINISHED);
    FileChannel channel = null;
    try {
      Files.createDirectories(blob.getParent());
      channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      BlobWriter writer = new BlobWriter(blob, unfinished, file, channel);
      writer.resume();
      return writer;
    } catch (IOException e) {
      closeQuietly(channel);
      throw failure(unfinished, e);
    }
  }

  private void resume() throws IOException {
    long there = channel.size();
    if (there > file.size()) {
      channel.truncate(0);
      there = 0;
    }
    digest = file.hash().start(file.size());
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW, there));
    while (position < there) {
      int count = channel.read(window.clear(), position);
      if (count <= 0) {
        break;
      }
      digest.update(window.flip());
      position += count;
    }
  }

  /** How much of it is there. */
  long position() {
    return position;
  }

  /** How much of it is not. */
  long missing() {
    return file.size() - position;
  }

  /** Begins anew. */
  void restart() {
    try {
      if (channel.size() > 0) {
        channel.truncate(0);
      }
      digest = file.hash().start(file.size());
      position = 0;
    } catch (IOException e) {
      throw failure(unfinished, e);
    }
  }

  /** Adds the first of some bytes at its end. */
  void append(byte[] bytes, int count) {
    try {
      ByteBuffer left = ByteBuffer.wrap(bytes, 0, count);
      while (left.hasRemaining()) {
        int written = channel.write(left, position + left.position());
        digest.update(bytes, left.position() - written, written);
      }
      position += count;
    } catch (IOException e) {
      throw failure(unfinished, e);
    }
  }

  /**
   * Gives the file its name, if its content is what it shall be.
   *
   * @return whether it is; if not, what was written is lost
   */
  boolean finish() {
    try {
      boolean right = missing() == 0 && ContentHash.end(digest).equals(file.hash().hex());
      if (!right) {
        restart();
        return false;
      }
      channel.close();
      move();
      if (file.hash().isSha256()) {
        FileHash.learn(blob, file.hash().hex());
      }
      return true;
    } catch (IOException e) {
      throw failure(blob, e);
    }
  }

  private void move() throws IOException {
    try {
      Files.move(
          unfinished, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(unfinished, blob, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The error that the disk does not take what comes. */
  static ZlensException failure(Path path, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("No space left") || reason.contains("not enough space")) {
      return new ZlensException(
          Kind.DATA,
          "the disk of the cache is full: " + DataFault.quote(path.toString()),
          "make room, or name a folder on another disk by HF_HUB_CACHE; what has come is kept",
          e);
    }
    return new ZlensException(
        Kind.DATA,
        "the cache cannot be written: " + e,
        "another folder can be named by HF_HUB_CACHE",
        e);
  }

  /** Closes the file; what is unfinished stays, for another to go on. */
  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // Nothing hangs on it: what counts has been written, and hashed, already.
    }
  }
}
