package org.zlens.repl.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String ERASE = "\u001b[K";

  private final StringBuilder shown = new StringBuilder();
  private long now;
  private final Progress bar =
      new Progress(new ProgressBarLine(shown::append, () -> 60), () -> now);
  private final Progress lines = new Progress(new ProgressLines(shown::append), () -> now);

  @Test
  void whatIsDoneSoonIsNotShown() {
    bar.show("sweeping", 0, 10);
    now = SECOND / 10;
    bar.show("sweeping", 10, 10);
    bar.clear();
    assertThat(shown).isEmpty();
  }

  @Test
  void whatTakesLongSaysHowFarItIsAndGoesWithoutATrace() {
    bar.show("sweeping", 0, 10);
    now = SECOND;
    bar.show("sweeping", 5, 10);
    assertThat(shown.toString())
        .startsWith("\rsweeping  50% [")
        .contains("5/10", "/ 0:00:01", "5.00/s")
        .endsWith(ERASE);
    bar.show("sweeping", 6, 10);
    assertThat(shown.toString()).doesNotContain("6/10");
    bar.show("sweeping", 10, 10);
    assertThat(shown.toString()).endsWith("\r" + ERASE);
  }

  @Test
  void workThatSaysMoreAtEveryStepIsOneWork() {
    for (int step = 0; step <= 20; step++) {
      now = step * SECOND / 10;
      bar.show("loss " + (100 - step), step, 100);
    }
    assertThat(shown.toString()).contains("loss 97", "3/100", "loss 80", "20/100", "10/s");
  }

  @Test
  void theNextWorkIsTimedByItself() {
    bar.show("sweeping", 0, 10);
    now = 5 * SECOND;
    bar.show("sweeping", 10, 10);
    bar.show("reading", 0, 10);
    now = 6 * SECOND;
    bar.show("reading", 2, 10);
    assertThat(shown.toString()).contains("reading", "2/10", "2.00/s").doesNotContain("2.50/s");
  }

  @Test
  void anUnknownTotalIsCounted() {
    bar.show("reading", 0, 0);
    now = 2 * SECOND;
    bar.show("reading", 7, 0);
    assertThat(shown.toString()).contains("reading", "7/?", "3.50/s");
  }

  @Test
  void aBarIsNeverWiderThanTheTerminal() {
    String what = "x".repeat(200);
    bar.show(what, 0, 10);
    now = SECOND;
    bar.show(what, 5, 10);
    assertThat(shown.length()).isLessThanOrEqualTo(1 + 59 + ERASE.length());
  }

  @Test
  void plainLinesComeEveryFewSeconds() {
    lines.show("sweeping", 0, 100);
    now = SECOND;
    lines.show("sweeping", 5, 100);
    now = 3 * SECOND;
    lines.show("sweeping", 15, 100);
    now = 7 * SECOND;
    lines.show("sweeping", 35, 100);
    lines.clear();
    assertThat(shown.toString())
        .isEqualTo(
            "sweeping: 5 of 100, 5.00/s, 19 s left\nsweeping: 35 of 100, 5.00/s, 13 s left\n");
  }

  @Test
  void theWorkOfAnEntryIsCountedAlsoWhereItIsNotShown() {
    Progress none = new Progress(null, () -> now);
    assertThat(none.work()).isEmpty();
    none.show("sweeping", 0, 10);
    now = 2 * SECOND;
    none.show("sweeping", 10, 10);
    none.clear();
    assertThat(none.work()).isEqualTo("sweeping: 10, 5.00/s");
    none.begin();
    assertThat(none.work()).isEmpty();
  }
}
