package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Bytes whose CRC-32 is checked, once, before the first of them is handed out. */
final class CheckedBlock implements Block {
  private static final int WINDOW = 1 << 20;

  private final String name;
  private final Block bytes;
  private final int crc;
  private boolean checked;

  CheckedBlock(String name, Block bytes, int crc) {
    this.name = name;
    this.bytes = bytes;
    this.crc = crc;
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    check();
    bytes.read(offset, target);
  }

  private synchronized void check() throws IOException {
    if (checked) {
      return;
    }
    CRC32 actual = new CRC32();
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW, size()));
    for (long at = 0; at < size(); ) {
      window.clear().limit((int) Math.min(window.capacity(), size() - at));
      bytes.read(at, window);
      at += window.position();
      actual.update(window.flip());
    }
    if ((int) actual.getValue() != crc) {
      throw new IOException("the CRC-32 of entry '" + name + "' is wrong: the file is damaged");
    }
    checked = true;
  }
}
