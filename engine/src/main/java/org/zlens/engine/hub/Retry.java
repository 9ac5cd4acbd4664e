package org.zlens.engine.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import org.zlens.engine.ZlensException;

/** Counts attempts that brought nothing and waits between them, longer each time. */
final class Retry {
  private final Patience patience;
  private final URI uri;
  private int failed;

  Retry(Patience patience, URI uri) {
    this.patience = patience;
    this.uri = uri;
  }

  /** Something that may fail and be tried again. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  /** Tries until it succeeds or there have been attempts enough. */
  <T> T of(Attempt<T> attempt) throws IOException {
    while (true) {
      try {
        return attempt.run();
      } catch (RangeRefusedException e) {
        throw e;
      } catch (IOException e) {
        failed(e, false);
      }
    }
  }

  /**
   * Waits after an attempt that failed.
   *
   * @param brought whether it brought enough before to count as none that failed
   * @throws ZlensException if it was the last
   */
  void failed(IOException e, boolean brought) throws IOException {
    if (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
      throw e;
    }
    failed = brought ? 1 : failed + 1;
    if (failed >= patience.attempts()) {
      ZlensException end = HubFault.gaveUp(uri, e);
      end.initCause(e);
      throw end;
    }
    Duration wait =
        e instanceof BusyException busy ? busy.wait(patience, failed) : patience.after(failed);
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
