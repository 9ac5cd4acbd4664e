package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session makes of its terminal: its size, its abilities, and what the user wants of it. */
class WindowTest {
  private static final String PROMPT = "zlens> ";
  private static final String ESCAPE = "\u001b";
  private static final String COLOR = ESCAPE + "\\[[0-9;]*3[0-9]m";

  @TempDir Path home;

  @Test
  void tablesFollowTheSizeOfTheTerminal() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("sample")).contains("alive").doesNotContain("no room for");
      session.type("sam");
      session.resize(24, 30);
      assertThat(session.run("ple")).contains("no room for");
      session.resize(100, 30);
      assertThat(session.run("sample")).contains("alive").doesNotContain("no room for");
      session.leave();
    }
  }

  @Test
  void longResultsGoThroughThePagerOfTheUsersChoice() throws IOException, InterruptedException {
    try (TerminalSession session =
        TerminalSession.open(home, e -> e.put("ZLENS_PAGER", "sed s/^/paged:/"))) {
      assertThat(session.run("help")).startsWith("paged:");
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.run("set paging off");
      assertThat(session.run("help")).contains("'help VERB'").doesNotContain("paged:");
      session.leave();
    }
  }

  @Test
  void whereThereIsNoPagerTheSessionHasItsOwn() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home, WindowTest::withoutPager)) {
      session.enter("help");
      session.await("-- 29 of ");
      session.type("\r");
      session.await("-- 30 of ");
      session.type(" ");
      session.await("-- 59 of ");
      session.type("q");
      session.awaitPrompt();
      session.enter("help");
      session.await("-- 29 of ");
      session.type(TerminalSession.CTRL_C);
      session.awaitPrompt();
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.leave();
    }
  }

  private static void withoutPager(Map<String, String> environment) {
    environment.remove("ZLENS_PAGER");
    environment.remove("PAGER");
    environment.put("PATH", "/nonexistent");
  }

  @Test
  void aDumbTerminalGetsNoControlSequences() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.start(home, e -> e.put("TERM", "dumb"))) {
      session.await(PROMPT);
      session.type("nosuch\r");
      session.await("error: no verb 'nosuch'");
      session.await(PROMPT);
      session.type("sample\r");
      session.await("L2.F417");
      session.await(PROMPT);
      session.leave();
      assertThat(session.text()).doesNotContain(ESCAPE);
    }
  }

  @Test
  void coloursAreLeftOutWhereTheyAreNotWanted() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.run("nosuch")).startsWith("error: no verb 'nosuch'");
      session.leave();
      assertThat(session.text()).doesNotContainPattern(COLOR);
    }
    try (TerminalSession session = TerminalSession.open(home, e -> e.remove("NO_COLOR"))) {
      assertThat(session.run("nosuch")).startsWith(ESCAPE + "[31merror:" + ESCAPE + "[0m no verb");
      session.leave();
    }
  }

  @Test
  void theUsersInitScriptRunsFirstUnlessItIsSwitchedOff() throws IOException, InterruptedException {
    Path script = home.resolve(".config/zlens/init.zl");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "let greeting = \"from the init script\"\ngreeting\n");
    try (TerminalSession session = TerminalSession.open(home)) {
      assertThat(session.text()).contains("from the init script");
      assertThat(session.run("greeting")).isEqualTo("from the init script\r\n");
      session.leave();
    }
    try (TerminalSession session = TerminalSession.open(home, "--no-init")) {
      assertThat(session.text()).doesNotContain("from the init script");
      session.leave();
    }
  }

  @Test
  void anInitScriptThatFailsLeavesTheSessionAlive() throws IOException, InterruptedException {
    Path script = Files.writeString(home.resolve("own.zl"), "nosuch 5\n");
    try (TerminalSession session = TerminalSession.open(home, "--init", script.toString())) {
      assertThat(session.text()).contains("error: no verb 'nosuch'").contains("own.zl:1:1");
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.leave();
    }
  }

  @Test
  void timingSaysHowLongEachEntryTook() throws IOException, InterruptedException {
    try (TerminalSession session = TerminalSession.open(home)) {
      session.run("timing on");
      assertThat(session.run("40 + 2")).matches("(?s)42\r\n\\d+\\.\\d{3} s\r\n");
      session.run("timing off");
      assertThat(session.run("40 + 2")).isEqualTo("42\r\n");
      session.leave();
    }
  }
}
