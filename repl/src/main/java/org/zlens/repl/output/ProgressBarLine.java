package org.zlens.repl.output;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on the last line of a terminal, drawn over itself. */
final class ProgressBarLine implements ProgressView {
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int LEAST_WIDTH = 20;
  private static final String ERASE = "\u001b[K";

  private final Consumer<String> terminal;
  private final IntSupplier width;
  private boolean visible;

  ProgressBarLine(Consumer<String> terminal, IntSupplier width) {
    this.terminal = terminal;
    this.width = width;
  }

  @Override
  public long patience() {
    return 300_000_000L;
  }

  @Override
  public long interval() {
    return 100_000_000L;
  }

  @Override
  public void show(Work work) {
    int room = width.getAsInt() > LEAST_WIDTH ? width.getAsInt() - 1 : 79;
    String[] drawn = {""};
    // A bar for each drawing: it must not draw by itself while results are printed.
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(work.what())
            .setInitialMax(work.total() > 0 ? work.total() : -1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(NEVER)
            .setConsumer(new DelegatingProgressBarConsumer(text -> drawn[0] = text, room))
            .startsFrom(work.done(), Duration.ofMillis((long) (work.seconds() * 1000)))
            .setEtaFunction(state -> left(work))
            .build();
    bar.setExtraMessage(" " + work.rateText());
    bar.close();
    visible = true;
    terminal.accept("\r" + drawn[0].stripTrailing() + ERASE);
  }

  private static Optional<Duration> left(Work work) {
    return work.total() > 0 && work.done() > 0
        ? Optional.of(Duration.ofMillis((long) (work.secondsLeft() * 1000)))
        : Optional.empty();
  }

  @Override
  public void clear() {
    if (visible) {
      visible = false;
      terminal.accept("\r" + ERASE);
    }
  }
}
