package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.diagnostic.Diagnostic;

/** A change that the metric cannot see does not pass for one that does nothing. */
class UnmovedTest {
  private static final String NOTE = "not a digit of the metric changed: ";
  private static final String LOSS = "a loss reads what is predicted before END";

  @TempDir private Path directory;

  @Test
  void effectsThatAreAllNothingSayWhy() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig\nprompt \"Then, Ann and Bob went to the store.\"");
      assertThat(talk.ask("ablate head L2.H1 zero at END").notes())
          .anyMatch(note -> note.startsWith(NOTE) && note.endsWith(LOSS));
      assertThat(talk.ask("sweep heads L2 zero at END").notes())
          .anyMatch(note -> note.startsWith(NOTE) && note.endsWith(LOSS));
      assertThat(talk.ask("ablate head L2.H1 zero").notes()).noneMatch(UnmovedTest::says);
      assertThat(talk.ask("sweep heads L2 zero").notes()).noneMatch(UnmovedTest::says);
      talk.ask("metric kl");
      assertThat(talk.ask("ablate head L2.H1 zero at END").notes()).noneMatch(UnmovedTest::says);
      // What comes after the place that is read is not seen by any metric.
      talk.ask("metric log-probability of \" the\" at 2");
      assertThat(talk.ask("ablate head L2.H1 zero at END").notes())
          .anyMatch(note -> note.startsWith(NOTE) && !note.endsWith(LOSS));
    }
  }

  private static boolean says(String note) {
    return note.startsWith(NOTE);
  }

  @Test
  void aDeviceThatIsNotThereIsPointedAtAndNotWhatItWouldKeep() {
    try (Conversation talk = new Conversation(directory)) {
      Diagnostic failure = talk.fail("device \"cuda:63\" dtype bfloat16");
      assertThat(failure.message()).startsWith("no device 'cuda:63', there is only cpu");
      assertThat(failure.span().start()).isEqualTo("device ".length());
    }
  }
}
