package org.zlens.engine.hub;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;

/** A server that has too much to do, or a fault of its own that may pass. */
final class BusyException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final Duration wait;

  /**
   * @param status of the answer
   * @param wait how long it asks to be left alone; nothing if it does not say
   */
  BusyException(int status, Duration wait) {
    super("the server answered " + status);
    this.status = status;
    this.wait = wait;
  }

  int status() {
    return status;
  }

  Duration wait(Patience patience, int failed) {
    Duration own = patience.after(failed);
    Duration longer = wait.compareTo(own) > 0 ? wait : own;
    return longer.compareTo(patience.longestWait()) > 0 ? patience.longestWait() : longer;
  }
}
