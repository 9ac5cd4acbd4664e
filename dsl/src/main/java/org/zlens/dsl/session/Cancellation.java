package org.zlens.dsl.session;

import java.util.function.Supplier;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Asks the running command to stop. A native call cannot be interrupted, so long commands poll this
 * between batches and layers.
 */
public final class Cancellation {
  private volatile boolean requested;
  private Thread waiting;

  /** Asks; may be called from any thread, such as that of a signal. */
  public void request() {
    requested = true;
    synchronized (this) {
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  /** Runs something on this thread that may wait for other things than commands, and wakes it. */
  public <T> T interrupting(Supplier<T> body) {
    Thread outer;
    synchronized (this) {
      outer = waiting;
      waiting = Thread.currentThread();
    }
    try {
      return body.get();
    } finally {
      synchronized (this) {
        waiting = outer;
        if (outer == null) {
          Thread.interrupted();
        }
      }
    }
  }

  public boolean isRequested() {
    return requested;
  }

  /** Throws when the user has asked to stop. */
  public void poll() {
    if (requested) {
      throw new ZlensException(
          Kind.INTERRUPTED, "interrupted", "what the command had found so far is dropped");
    }
  }

  /** Forgets the request; whoever starts something at the top does so before. */
  public void reset() {
    requested = false;
  }
}
