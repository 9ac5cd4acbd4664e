package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A run of bytes in a file that can be read from any position. */
interface Block {
  /** The number of bytes. */
  long size();

  /** Fills the target's remaining space with the bytes from the offset on. */
  void read(long offset, ByteBuffer target) throws IOException;
}
