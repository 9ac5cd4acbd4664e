package org.zlens.dsl.session;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Asks the running command to stop. A native call cannot be interrupted, so long commands poll this
 * between batches and layers.
 */
public final class Cancellation {
  private volatile boolean requested;

  /** Asks; may be called from any thread, such as that of a signal. */
  public void request() {
    requested = true;
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

  /** Forgets the request; the interpreter does so before each run. */
  void reset() {
    requested = false;
  }
}
