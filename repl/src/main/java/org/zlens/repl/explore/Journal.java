package org.zlens.repl.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has happened in a session, in order, for windows that open now and those that open later.
 * The oldest events go when there are too many; of some only the latest counts.
 */
final class Journal {
  /** What a window that opens late is sent at most. */
  private static final long MOST_CHARACTERS = 24L << 20;

  /**
   * One event.
   *
   * @param name its kind
   * @param data JSON on one line
   */
  record Event(String name, String data) {}

  private final Deque<Event> kept = new ArrayDeque<>();
  private final Map<String, Event> latest = new LinkedHashMap<>();
  private final List<Window> windows = new ArrayList<>();
  private Event state;
  private long characters;

  /** Adds where the session stands now, which no window may miss. */
  synchronized void state(String data) {
    add("state", data);
    state = kept.getLast();
  }

  /** Adds an event that every window gets, those that open later too. */
  synchronized void add(String name, String data) {
    Event event = new Event(name, data);
    kept.add(event);
    characters += data.length();
    while (characters > MOST_CHARACTERS && kept.size() > 1) {
      characters -= kept.remove().data().length();
    }
    send(event);
  }

  /** Tells the windows that are open; those that open later get the latest of this kind. */
  synchronized void replace(String name, String data) {
    Event event = new Event(name, data);
    latest.put(name, event);
    send(event);
  }

  /** Tells the windows that are open now, and nobody later. */
  synchronized void mention(String name, String data) {
    send(new Event(name, data));
  }

  private void send(Event event) {
    windows.removeIf(window -> !window.offer(event));
  }

  /** A window that gets everything that was kept, and then what comes. */
  synchronized Window open() {
    Window window = new Window();
    if (state != null && !kept.contains(state)) {
      window.offer(state);
    }
    kept.forEach(window::offer);
    latest.values().forEach(window::offer);
    window.offer(new Event("ready", "{}"));
    window.caughtUp();
    windows.add(window);
    return window;
  }

  /** Forgets a window. */
  synchronized void close(Window window) {
    windows.remove(window);
    window.close();
  }

  /** Ends all windows. */
  synchronized void closeAll() {
    windows.forEach(Window::close);
    windows.clear();
  }
}
