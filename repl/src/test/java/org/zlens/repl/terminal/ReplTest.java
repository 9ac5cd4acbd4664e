package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.repl.SampleCommand;
import org.zlens.repl.SlowCommand;

/** The prompt in process, through a terminal that lives in memory. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplTest {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String UP = "\u001b[A";

  @TempDir Path folder;
  private final SlowCommand slow = new SlowCommand();
  private final AtomicInteger halted = new AtomicInteger(-1);
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private PipedOutputStream keys;
  private Terminal terminal;

  @BeforeEach
  void open() throws IOException {
    PipedInputStream input = new PipedInputStream(1 << 16);
    keys = new PipedOutputStream(input);
    terminal = new DumbTerminal("test", "ansi", input, screen, StandardCharsets.UTF_8);
    terminal.setSize(new Size(100, 40));
    Attributes attributes = terminal.getAttributes();
    attributes.setControlChar(Attributes.ControlChar.VINTR, 3);
    attributes.setControlChar(Attributes.ControlChar.VEOF, 4);
    attributes.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    terminal.setAttributes(attributes);
  }

  @AfterEach
  void close() throws IOException {
    terminal.close();
  }

  private String run(String typed) throws IOException {
    return run(typed, new ReplOptions(null, null, null, false, false));
  }

  private String run(String typed, ReplOptions options) throws IOException {
    keys.write(typed.getBytes(StandardCharsets.UTF_8));
    keys.flush();
    assertThat(repl(options).run()).isZero();
    return screen.toString(StandardCharsets.UTF_8);
  }

  private Repl repl(ReplOptions options) {
    Registry registry =
        new Registry(BuiltinCommands.all()).with(List.of(new SampleCommand(), slow));
    return new Repl(terminal, registry, options, halted::set);
  }

  @Test
  void runsLinesUntilItIsLeft() throws IOException {
    String shown = run("set seed 5\rset seed\rquit\r");
    assertThat(shown).startsWith("zlens ").contains("where random choices");
    assertThat(run("1 + 2\rexit\r")).contains("3");
  }

  @Test
  void theEndOfInputLeavesToo() throws IOException {
    assertThat(run(CTRL_D)).contains("zlens>");
  }

  @Test
  void anErrorLeavesTheSessionAlive() throws IOException {
    String shown = run("nosuch\rset seed 41\rset seed\rquit\r");
    assertThat(shown).contains("error: no verb 'nosuch'").contains("41").contains("input:1:1");
  }

  @Test
  void anOpenBracketContinuesOnTheNextLine() throws IOException {
    String shown = run("expect (1 +\r2) = 3\rset seed 8\rset seed\rquit\r");
    assertThat(shown).contains(".> ").doesNotContain("error");
  }

  @Test
  void controlCAtThePromptClearsTheLineAndKeepsItInTheHistory() throws IOException {
    Path history = folder.resolve("deep/history");
    String shown =
        run(
            "set seed 12345" + CTRL_C + "quit\r",
            new ReplOptions(null, null, history, false, false));
    assertThat(shown).contains("zlens>");
    assertThat(Files.readString(history)).contains("set seed 12345").contains("quit");
  }

  @Test
  void historyIsThereInTheNextSession() throws IOException {
    Path history = folder.resolve("history");
    ReplOptions options = new ReplOptions(null, null, history, false, false);
    run("set seed 9; set seed\rquit\r", options);
    screen.reset();
    // Up over "quit" to the line before it.
    assertThat(run(UP + UP + "\rquit\r", options)).contains("9");
  }

  @Test
  void exclamationMarksAreNoHistoryExpansion() throws IOException {
    assertThat(run("expect 1 != 2\r\"wow!\"\rquit\r")).contains("wow!").doesNotContain("error");
  }

  @Test
  void tabCompletesVerbs() throws IOException {
    assertThat(run("samp\t | top 1 by delta\rquit\r")).contains("12.25").doesNotContain("error");
  }

  @Test
  void anInitScriptRunsFirst() throws IOException {
    Path init = Files.writeString(folder.resolve("init.zl"), "set seed 31337");
    String shown = run("set seed\rquit\r", new ReplOptions("csv", init, null, false, false));
    assertThat(shown).contains("31337").contains("name,value,summary");
  }

  @Test
  void controlCStopsTheRunningCommandAndNothingElse() throws Exception {
    keys.write("slow\rset seed 77\rset seed\rquit\r".getBytes(StandardCharsets.UTF_8));
    Thread presser =
        new Thread(
            () -> {
              try {
                slow.started().await();
                terminal.raise(Terminal.Signal.INT);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    presser.start();
    assertThat(repl(new ReplOptions(null, null, null, false, false)).run()).isZero();
    String shown = screen.toString(StandardCharsets.UTF_8);
    assertThat(shown).contains("error: interrupted").contains("77");
    assertThat(halted).hasValue(-1);
  }
}
