package org.zlens.repl.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Hands what is written between two flushes, which is one result, to the pager. */
final class PagedOutput extends OutputStream {
  private final Pager pager;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  PagedOutput(Pager pager) {
    this.pager = pager;
  }

  @Override
  public void write(int one) {
    written.write(one);
  }

  @Override
  public void write(byte[] some, int from, int count) {
    written.write(some, from, count);
  }

  @Override
  public void flush() {
    if (written.size() > 0) {
      String text = written.toString(StandardCharsets.UTF_8);
      written.reset();
      pager.write(text);
    }
  }
}
