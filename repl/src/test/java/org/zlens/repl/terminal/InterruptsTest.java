package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.Cancellation;
import org.zlens.repl.terminal.Interrupts.Answer;

class InterruptsTest {
  private long now;
  private final Cancellation cancellation = new Cancellation();
  private final Interrupts interrupts = new Interrupts(cancellation, () -> now);

  @Test
  void theThirdWithinTwoSecondsEndsTheProgram() {
    assertThat(interrupts.press()).isEqualTo(Answer.STOPPING);
    assertThat(cancellation.isRequested()).isTrue();
    now += 60_000_000_000L;
    assertThat(interrupts.press()).isEqualTo(Answer.STILL_RUNNING);
    now += 3_000_000_000L;
    assertThat(interrupts.press()).isEqualTo(Answer.STILL_RUNNING);
    now += 1_000_000_000L;
    assertThat(interrupts.press()).isEqualTo(Answer.LEAVE);
  }

  @Test
  void everyCommandStartsAnew() {
    interrupts.press();
    interrupts.press();
    interrupts.reset();
    assertThat(interrupts.press()).isEqualTo(Answer.STOPPING);
  }
}
