package org.zlens.engine.runtime;

/**
 * A way to end native work from outside. A native call cannot be stopped, so a forward pass asks
 * here before each half of each layer, on the thread that it runs on.
 */
public final class Interruption implements AutoCloseable {
  private static final ThreadLocal<Interruption> CURRENT = new ThreadLocal<>();

  private final Interruption outer = CURRENT.get();
  private final Runnable poll;

  private Interruption(Runnable poll) {
    this.poll = poll;
  }

  /**
   * Has this thread's computations ask until the result is closed.
   *
   * @param poll throws {@link org.zlens.engine.ZlensException} of kind INTERRUPTED to end them; it
   *     is called often and must be cheap
   */
  public static Interruption asking(Runnable poll) {
    Interruption interruption = new Interruption(poll);
    CURRENT.set(interruption);
    return interruption;
  }

  /**
   * Asks whether to go on; without anybody to ask, it is so.
   *
   * @throws org.zlens.engine.ZlensException of kind INTERRUPTED if not
   */
  public static void poll() {
    Interruption current = CURRENT.get();
    if (current != null) {
      current.poll.run();
    }
  }

  @Override
  public void close() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
