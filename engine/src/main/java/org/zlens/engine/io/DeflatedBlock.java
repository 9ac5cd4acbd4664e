package org.zlens.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Compressed bytes, inflated as they are asked for. Reading forwards is cheap; reading from before
 * the last position starts again.
 */
final class DeflatedBlock implements Block {
  private static final int INPUT = 1 << 16;

  private final Block packed;
  private final long size;
  private Inflater inflater;
  private long fed;
  private long position;

  DeflatedBlock(Block packed, long size) {
    this.packed = packed;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public synchronized void read(long offset, ByteBuffer target) throws IOException {
    if (offset < 0 || target.remaining() > size - offset) {
      throw new EOFException("bytes " + offset + " on are beyond the " + size + " there are");
    }
    if (inflater == null || offset < position) {
      restart();
    }
    ByteBuffer skipped = ByteBuffer.allocate((int) Math.min(INPUT, offset - position));
    while (position < offset) {
      skipped.clear().limit((int) Math.min(skipped.capacity(), offset - position));
      inflate(skipped);
    }
    inflate(target);
  }

  private void restart() {
    if (inflater != null) {
      inflater.end();
    }
    inflater = new Inflater(true);
    fed = 0;
    position = 0;
  }

  private void inflate(ByteBuffer target) throws IOException {
    try {
      while (target.hasRemaining()) {
        int made = inflater.inflate(target);
        position += made;
        if (made == 0) {
          if (inflater.finished() || inflater.needsDictionary() || fed == packed.size()) {
            throw new EOFException("the compressed data end too early");
          }
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw new IOException("the compressed data are damaged", e);
    }
    if (position == size && inflater != null) {
      expectEnd();
    }
  }

  /** All bytes are out; the stream must say so too, or the directory lied about the size. */
  private void expectEnd() throws IOException {
    try {
      while (!inflater.finished()) {
        if (inflater.inflate(new byte[1]) > 0) {
          throw new IOException("the compressed data hold more than the " + size + " bytes given");
        }
        if (!inflater.finished()) {
          if (fed == packed.size()) {
            throw new EOFException("the compressed data end too early");
          }
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw new IOException("the compressed data are damaged", e);
    } finally {
      inflater.end();
      inflater = null;
    }
  }

  private void feed() throws IOException {
    ByteBuffer input = ByteBuffer.allocate((int) Math.min(INPUT, packed.size() - fed));
    packed.read(fed, input);
    fed += input.capacity();
    inflater.setInput(input.flip());
  }
}
