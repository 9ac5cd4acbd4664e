package org.zlens.repl.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringBuilder terminal = new StringBuilder();
  private long now;
  private final Progress progress = new Progress(terminal::append, () -> 60, () -> now);

  @Test
  void whatIsDoneSoonIsNotShown() {
    progress.show("sweeping", 0, 10);
    now = 100_000_000L;
    progress.show("sweeping", 10, 10);
    progress.clear();
    assertThat(terminal).isEmpty();
  }

  @Test
  void whatTakesLongSaysHowFarItIsAndGoesWithoutATrace() {
    progress.show("sweeping", 0, 10);
    now = 1_000_000_000L;
    progress.show("sweeping", 5, 10);
    assertThat(terminal.toString())
        .isEqualTo("\rsweeping [##########..........] 5/10, 1 s left\u001b[K");
    progress.show("sweeping", 6, 10);
    assertThat(terminal.toString()).doesNotContain("6/10");
    progress.show("sweeping", 10, 10);
    assertThat(terminal.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void anUnknownTotalIsCounted() {
    progress.show("reading", 0, 0);
    now = 2_000_000_000L;
    progress.show("reading", 7, 0);
    assertThat(terminal.toString()).contains("reading 7 (2 s)");
  }

  @Test
  void aLineIsNeverWiderThanTheTerminal() {
    String what = "x".repeat(200);
    progress.show(what, 0, 10);
    now = 1_000_000_000L;
    progress.show(what, 5, 10);
    assertThat(terminal.toString()).hasSize(1 + 59 + 3);
  }

  @Test
  void withoutATerminalNothingIsShown() {
    Progress none = Progress.none();
    none.show("sweeping", 1, 10);
    none.clear();
    assertThat(terminal).isEmpty();
  }
}
