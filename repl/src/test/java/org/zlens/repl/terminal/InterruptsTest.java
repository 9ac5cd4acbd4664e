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
  void whileNothingRunsItMeansNothing() {
    assertThat(interrupts.press()).isEqualTo(Answer.IDLE);
    interrupts.begin();
    interrupts.end();
    assertThat(interrupts.press()).isEqualTo(Answer.IDLE);
    assertThat(cancellation.isRequested()).isFalse();
  }

  @Test
  void theThirdWithinTwoSecondsEndsTheProgram() {
    interrupts.begin();
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
    interrupts.begin();
    interrupts.press();
    interrupts.press();
    interrupts.begin();
    assertThat(interrupts.press()).isEqualTo(Answer.STOPPING);
  }

  /** What a command that was stopped had found is shown without pages: the prompt was wanted. */
  @Test
  void aCommandIsStoppingFromTheFirstPressUntilItsEnd() {
    assertThat(interrupts.isStopping()).isFalse();
    interrupts.begin();
    assertThat(interrupts.isStopping()).isFalse();
    interrupts.press();
    assertThat(interrupts.isStopping()).isTrue();
    interrupts.end();
    assertThat(interrupts.isStopping()).isFalse();
    interrupts.begin();
    assertThat(interrupts.isStopping()).isFalse();
  }
}
