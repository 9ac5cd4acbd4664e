package org.zlens.engine.hub;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of a file on its way into memory; what has come of it outlives a broken connection. */
final class Segment implements Callable<Void> {
  /** An attempt that brought so many bytes was a good one, however it ended. */
  private static final int MUCH = 1 << 18;

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-.*");

  private final Source source;
  private final Patience patience;
  private final long start;
  private final boolean whole;
  private final byte[] bytes;
  private final int length;
  private volatile int got;

  /**
   * @param start its first byte in the file
   * @param room where it is put, as long as it or longer
   * @param whole whether it is all of the file, for which no range is asked at first
   */
  Segment(Source source, Patience patience, long start, byte[] room, int length, boolean whole) {
    this.source = source;
    this.patience = patience;
    this.start = start;
    this.whole = whole;
    this.bytes = room;
    this.length = length;
  }

  /** How many bytes have come. */
  int got() {
    return got;
  }

  /** The bytes, of which as many as have come are right. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public Void call() throws IOException {
    Retry retry = new Retry(patience, source.uri());
    while (got < length) {
      int before = got;
      try {
        attempt();
      } catch (RangeRefusedException e) {
        if (!whole || got == 0) {
          throw e;
        }
        got = 0;
      } catch (IOException e) {
        retry.failed(e, got - before >= MUCH);
      }
    }
    return null;
  }

  private void attempt() throws IOException {
    boolean all = whole && got == 0;
    try (Answer answer = source.open(start + got, all ? -1 : start + length - 1)) {
      if (!all) {
        requireRange(answer);
      }
      while (got < length) {
        int count = answer.body().read(bytes, got, length - got);
        if (count < 0) {
          throw new IOException("it ended after " + got + " of " + length + " bytes");
        }
        // Only this thread writes it.
        got = got + count;
      }
    }
  }

  private void requireRange(Answer answer) throws IOException {
    Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range"));
    boolean right = range.matches() && Long.parseLong(range.group(1)) == start + got;
    if (answer.status() != 206 || !right) {
      throw new RangeRefusedException(answer.status());
    }
  }
}
