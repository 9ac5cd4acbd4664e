package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody types at a real terminal: Tab, '?', Ctrl-R, pasted blocks, Ctrl-C and Ctrl-D. */
class TypingTest {
  private static final String CTRL_C = TerminalSession.CTRL_C;
  private static final String CTRL_R = "\u0012";
  private static final String CTRL_P = "\u0010";
  private static final String CTRL_U = "\u0015";
  private static final String PASTE = "\u001b[200~";
  private static final String PASTED = "\u001b[201~";

  @TempDir Path home;

  @Test
  void tabCompletesAndShowsWhatThereIs() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("samp\t | select feature")).contains("L2.F417");
      session.type("sample | s\t");
      session.await("put the rows in order");
      session.await("show tokens in a row");
      assertThat(session.run("o\tby delta")).contains("-Infinity").doesNotContain("error");
      session.leave();
    }
  }

  @Test
  void aQuestionMarkExplainsThePlaceOfTheCursor() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      session.type("sample | top ?");
      session.await("'help top' tells more");
      assertThat(session.run("2")).contains("a \"b\", c|d").doesNotContain("tab");
      assertThat(session.run("\"why?\"")).isEqualTo("why?\r\n");
      session.leave();
    }
  }

  @Test
  void controlRFindsAnEntryAgain() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      assertThat(session.run("7 + 4")).isEqualTo("11\r\n");
      session.type(CTRL_R);
      session.await("bck-i-search");
      assertThat(session.run("40 +")).isEqualTo("42\r\n");
      assertThat(session.run("history \"7 +\"")).contains("7 + 4").doesNotContain("40 + 2");
      session.leave();
    }
  }

  @Test
  void historyOutlivesTheSession() throws IOException, InterruptedException {
    Path file = home.resolve("kept/history");
    Consumer<Map<String, String>> kept = e -> e.put("ZLENS_HISTORY", file.toString());
    try (TerminalSession session = TerminalSession.open(home, kept)) {
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.leave();
    }
    try (TerminalSession session = TerminalSession.open(home, kept)) {
      assertThat(session.run(CTRL_P)).isEqualTo("42\r\n");
      session.leave();
    }
    assertThat(file).content().contains("40 + 2");
  }

  @Test
  void aPastedBlockIsOneEntry() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run(PASTE + "1 + 1\nlet b = 22\nnosuch 5" + PASTED))
          .contains("input:3:1")
          .doesNotStartWith("2");
      String block = PASTE + "for x in [1, 2] {\n  x + 1040\n}" + PASTED;
      assertThat(session.run(block)).isEqualTo("1041\r\n1042\r\n");
      assertThat(session.run(CTRL_P)).isEqualTo("1041\r\n1042\r\n");
      session.leave();
    }
  }

  @Test
  void aBlockIsTypedLineByLine() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("for x in [1, 2] {\rx + 1040\r}")).isEqualTo("1041\r\n1042\r\n");
      assertThat(session.text()).contains(".> ");
      session.leave();
    }
  }

  @Test
  void controlCStopsTheCommandAndClearsTheLineButNeverTheSession()
      throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      session.enter("slow");
      session.await("working");
      session.type(CTRL_C);
      assertThat(session.awaitPrompt()).contains("error: interrupted");
      session.type("set seed 5; this is given up");
      session.await("given up");
      session.type(CTRL_C);
      session.awaitPrompt();
      assertThat(session.run("history")).contains("this is given up");
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.type("quit\r");
      session.awaitEnd();
    }
  }

  @Test
  void controlDLeavesOnlyFromAnEmptyLine() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("40 + 2" + TerminalSession.CTRL_D)).isEqualTo("42\r\n");
      session.type("40" + CTRL_U);
      session.leave();
    }
  }
}
