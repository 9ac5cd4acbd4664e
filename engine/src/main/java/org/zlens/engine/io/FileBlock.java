package org.zlens.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that lie in a file as they are. */
record FileBlock(FileChannel channel, long start, long size) implements Block {
  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    if (offset < 0 || target.remaining() > size - offset) {
      throw new EOFException("bytes " + offset + " on are beyond the " + size + " there are");
    }
    long position = start + offset;
    while (target.hasRemaining()) {
      int read = channel.read(target, position);
      if (read < 0) {
        throw new EOFException("the file ended at byte " + position);
      }
      position += read;
    }
  }
}
