package org.zlens.repl.output;

import java.util.Locale;

/** Shows how far work is. */
interface ProgressView {
  /** Nanoseconds of work before it is shown at all. */
  long patience();

  /** Nanoseconds between two times that it is shown. */
  long interval();

  /** Shows it as it is now. */
  void show(Work work);

  /** Takes away what is shown, so that something else can be printed. */
  void clear();

  /**
   * Work as far as it is done.
   *
   * @param what its name
   * @param total 0 if it cannot be known
   * @param seconds since it began
   */
  record Work(String what, long done, long total, double seconds) {
    double rate() {
      return seconds > 0 ? done / seconds : 0;
    }

    double secondsLeft() {
      return done == 0 ? Double.NaN : (total - done) / rate();
    }

    String rateText() {
      double rate = rate();
      return String.format(Locale.ROOT, rate < 10 ? "%.2f/s" : "%.0f/s", rate);
    }
  }
}
