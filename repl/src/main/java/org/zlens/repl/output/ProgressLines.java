package org.zlens.repl.output;

import java.util.Locale;
import java.util.function.Consumer;

/** A plain line every few seconds, for logs and terminals that cannot take a line back. */
final class ProgressLines implements ProgressView {
  private final Consumer<String> out;

  ProgressLines(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public long patience() {
    return 1_000_000_000L;
  }

  @Override
  public long interval() {
    return 5_000_000_000L;
  }

  @Override
  public void show(Work work) {
    StringBuilder line = new StringBuilder(work.what()).append(": ").append(work.done());
    if (work.total() > 0) {
      line.append(" of ").append(work.total());
    }
    line.append(", ").append(work.rateText());
    if (work.total() > 0 && work.done() > 0) {
      line.append(String.format(Locale.ROOT, ", %.0f s left", work.secondsLeft()));
    }
    out.accept(line.append('\n').toString());
  }

  @Override
  public void clear() {}
}
