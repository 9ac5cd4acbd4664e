package org.zlens.repl.output;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that says how far a command is and when it will be done; it is drawn at
 * most ten times a second and erased before anything else is printed.
 */
public final class Progress {
  private static final long INTERVAL = 100_000_000L;
  private static final long PATIENCE = 300_000_000L;
  private static final int BAR = 20;

  private final Consumer<String> terminal;
  private final IntSupplier width;
  private final LongSupplier clock;
  private String what = "";
  private long started;
  private long before;
  private long drawn;
  private boolean visible;

  /**
   * @param terminal takes text with control sequences; null where there is no terminal
   */
  public Progress(Consumer<String> terminal, IntSupplier width, LongSupplier clock) {
    this.terminal = terminal;
    this.width = width;
    this.clock = clock;
  }

  /** No progress is shown. */
  public static Progress none() {
    return new Progress(null, () -> 0, System::nanoTime);
  }

  public synchronized void show(String now, long done, long total) {
    if (terminal == null) {
      return;
    }
    long time = clock.getAsLong();
    if (!now.equals(what) || done < before) {
      what = now;
      started = time;
      drawn = time;
    }
    before = done;
    if (total > 0 && done >= total) {
      clear();
    } else if (time - started >= PATIENCE && time - drawn >= INTERVAL) {
      drawn = time;
      visible = true;
      String line = line(done, total, (time - started) / 1e9);
      int room = width.getAsInt() > 1 ? width.getAsInt() - 1 : 79;
      terminal.accept("\r" + line.substring(0, Math.min(line.length(), room)) + "\u001b[K");
    }
  }

  private String line(long done, long total, double seconds) {
    if (total <= 0) {
      return String.format(Locale.ROOT, "%s %d (%.0f s)", what, done, seconds);
    }
    double part = Math.min(1, (double) done / total);
    int full = (int) (part * BAR);
    String bar = "#".repeat(full) + ".".repeat(BAR - full);
    String rest =
        done == 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", seconds / part - seconds);
    return String.format(Locale.ROOT, "%s [%s] %d/%d%s", what, bar, done, total, rest);
  }

  /** Takes the line away. */
  public synchronized void clear() {
    if (visible) {
      visible = false;
      terminal.accept("\r\u001b[K");
    }
  }
}
