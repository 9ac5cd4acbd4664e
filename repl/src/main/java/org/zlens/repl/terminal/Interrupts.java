package org.zlens.repl.terminal;

import java.util.function.LongSupplier;
import org.zlens.dsl.session.Cancellation;

/**
 * What Ctrl-C means: while a command runs, the first asks it to stop, the second says that it has
 * not yet, and the third within two seconds of the second ends the program; while none runs,
 * nothing.
 */
final class Interrupts {
  private static final long PATIENCE = 2_000_000_000L;

  /** What the person at the terminal is to see. */
  enum Answer {
    IDLE,
    STOPPING,
    STILL_RUNNING,
    LEAVE
  }

  private final Cancellation cancellation;
  private final LongSupplier clock;
  private boolean running;
  private int count;
  private long last;

  Interrupts(Cancellation cancellation, LongSupplier clock) {
    this.cancellation = cancellation;
    this.clock = clock;
  }

  /** A command begins. */
  synchronized void begin() {
    running = true;
    count = 0;
  }

  /** The command has ended. */
  synchronized void end() {
    running = false;
  }

  /** Whether the command that runs has been asked to stop. */
  synchronized boolean isStopping() {
    return running && count > 0;
  }

  /** Ctrl-C was pressed. */
  synchronized Answer press() {
    if (!running) {
      return Answer.IDLE;
    }
    long now = clock.getAsLong();
    count = count >= 2 && now - last > PATIENCE ? 2 : count + 1;
    last = now;
    cancellation.request();
    return count == 1 ? Answer.STOPPING : count == 2 ? Answer.STILL_RUNNING : Answer.LEAVE;
  }
}
