package org.zlens.repl.explore;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.zlens.repl.explore.Journal.Event;

/** What one window of the page has still to be sent; nobody waits for a window that is slow. */
final class Window {
  private static final int MOST_BEHIND = 20_000;
  private static final Event END = new Event("", "");

  private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>();
  private int most = Integer.MAX_VALUE;
  private volatile boolean closed;

  /** The next event is the first that it has not been told of at once. */
  void caughtUp() {
    most = waiting.size() + MOST_BEHIND;
  }

  /** Takes an event; false when the window is too far behind, or closed, and gets no more. */
  boolean offer(Event event) {
    if (closed) {
      return false;
    } else if (waiting.size() >= most) {
      close();
      return false;
    }
    return waiting.add(event);
  }

  /** The next event; empty where none came for so long. */
  Optional<Event> next(long seconds) throws InterruptedException {
    Event event = waiting.poll(seconds, TimeUnit.SECONDS);
    return Optional.ofNullable(event == END ? null : event);
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    waiting.add(END);
  }
}
