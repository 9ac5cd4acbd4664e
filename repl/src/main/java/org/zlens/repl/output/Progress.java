package org.zlens.repl.output;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.zlens.repl.output.ProgressView.Work;

/** Follows how far a command is, shows it where somebody looks, and keeps count of the work. */
public final class Progress {
  private final ProgressView view;
  private final LongSupplier clock;
  private String what = "";
  private long started;
  private long before = Long.MAX_VALUE;
  private long totalBefore;
  private long shown;
  private Work last;

  Progress(ProgressView view, LongSupplier clock) {
    this.view = view;
    this.clock = clock;
  }

  /**
   * A bar on a terminal.
   *
   * @param terminal takes text with control sequences
   * @param width its columns
   */
  public static Progress bar(Consumer<String> terminal, IntSupplier width) {
    return new Progress(new ProgressBarLine(terminal, width), System::nanoTime);
  }

  /** A line of plain text every few seconds. */
  public static Progress lines(Consumer<String> out) {
    return new Progress(new ProgressLines(out), System::nanoTime);
  }

  /** No progress is shown. */
  public static Progress none() {
    return new Progress(null, System::nanoTime);
  }

  /** Notes that so much is done, and shows it if that is due. */
  public synchronized void show(String now, long done, long total) {
    long time = clock.getAsLong();
    if (isOther(now, done, total)) {
      started = time;
      shown = Long.MIN_VALUE;
    }
    what = now;
    before = done;
    totalBefore = total;
    last = new Work(what, done, total, (time - started) / 1e9);
    if (view == null) {
      return;
    }
    if (total > 0 && done >= total) {
      view.clear();
    } else if (time - started >= view.patience()
        && (shown == Long.MIN_VALUE || time - shown >= view.interval())) {
      shown = time;
      view.show(last);
    }
  }

  /** Whether this is other work than before; work of a known size may say more as it goes on. */
  private boolean isOther(String now, long done, long total) {
    boolean goesOn = total > 0 ? before < total : now.equals(what);
    return !goesOn || total != totalBefore || done < before;
  }

  /** Forgets what was counted: the next entry begins. */
  public synchronized void begin() {
    what = "";
    before = Long.MAX_VALUE;
    last = null;
  }

  /** The work that was counted last, such as {@code sweep heads: 96, 12/s}; empty if none was. */
  public synchronized String work() {
    return last == null || last.done() == 0
        ? ""
        : String.format(Locale.ROOT, "%s: %d, %s", last.what(), last.done(), last.rateText());
  }

  /** Takes away what is shown. */
  public synchronized void clear() {
    if (view != null) {
      view.clear();
    }
  }
}
