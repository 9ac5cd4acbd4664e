package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.zlens.engine.ZlensException;

/** The bytes of a pickle, read forwards through a window; every length is checked first. */
final class PickleInput {
  private static final int WINDOW = 1 << 14;
  private static final int LONGEST_LINE = 1024;

  private final Path path;
  private final Block block;
  private final long limit;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  /** Reads from the start of the block, at most the given number of bytes. */
  PickleInput(Path path, Block block, long limit) {
    this.path = path;
    this.block = block;
    this.limit = Math.min(limit, block.size());
    window.limit(0);
  }

  /** How many bytes were read. */
  long position() {
    return position;
  }

  int u1() {
    return take(1).get() & 0xff;
  }

  int u2() {
    return take(2).getShort() & 0xffff;
  }

  int i4() {
    return take(4).getInt();
  }

  long i8() {
    return take(8).getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(take(8).getLong()));
  }

  /** That many bytes; a length beyond the end of the pickle is an error before any allocation. */
  byte[] bytes(long length) {
    if (length < 0 || length > limit - position) {
      throw fault("a value of " + Long.toUnsignedString(length) + " bytes goes beyond the end");
    }
    byte[] bytes = new byte[(int) length];
    for (int done = 0; done < bytes.length; ) {
      int part = Math.min(WINDOW, bytes.length - done);
      take(part).get(bytes, done, part);
      done += part;
    }
    return bytes;
  }

  String text(long length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length))).toString();
    } catch (CharacterCodingException e) {
      throw fault("a text is not UTF-8");
    }
  }

  String line() {
    StringBuilder line = new StringBuilder();
    for (int c = u1(); c != '\n'; c = u1()) {
      if (line.length() == LONGEST_LINE) {
        throw fault("a name is longer than " + LONGEST_LINE);
      }
      line.append((char) c);
    }
    return line.toString();
  }

  ZlensException fault(String message) {
    return DataFault.in(path, "the pickle at byte " + position + ": " + message);
  }

  /** The window positioned at the next bytes, of which there are at least that many. */
  private ByteBuffer take(int count) {
    if (count > limit - position) {
      throw fault("it ends too early (truncated)");
    }
    if (window.remaining() < count) {
      window.clear().limit((int) Math.min(WINDOW, limit - position));
      try {
        block.read(position, window);
      } catch (IOException e) {
        throw fault(e.getMessage());
      }
      window.flip();
    }
    position += count;
    return window;
  }
}
