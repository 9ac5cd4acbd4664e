package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The program on a terminal of its own, with a home of its own, read between its prompts.
 *
 * <p>The text of the prompt says nothing about who reads: it is drawn again by every explanation
 * and every new size, and keys that are typed while a command ends, or while Ctrl-C is under way,
 * belong to nobody. The line editor says when it begins to read a line and when it ends, by
 * switching the terminal's bracketed paste on and off; only that is waited for.
 */
final class TerminalSession implements AutoCloseable {
  static final String CTRL_C = "\u0003";
  static final String CTRL_D = "\u0004";

  /** The first half, which switches the keys of the cursor, is that of this sort of terminal. */
  private static final String READS = "\u001b[?1h\u001b=\u001b[?2004h";

  private static final String HAS_READ = "\u001b[?2004l";
  private static final String PROMPT = "zlens> ";

  private final Screen screen;
  private final String device;

  private TerminalSession(Screen screen, String device) {
    this.screen = screen;
    this.device = device;
  }

  /**
   * The command line of the program with the commands of these tests. Where the build itself runs
   * in the background, all that it starts would be deaf to Ctrl-C, but for {@code env}.
   */
  static List<String> program(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SlowProgram.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts it and waits for its first prompt. */
  static TerminalSession open(Path home, String... arguments)
      throws IOException, InterruptedException {
    return open(home, environment -> {}, arguments);
  }

  /**
   * Starts it and waits for its first prompt.
   *
   * @param change changes the environment, which asks for neither colours nor pages
   */
  static TerminalSession open(Path home, Consumer<Map<String, String>> change, String... arguments)
      throws IOException, InterruptedException {
    TerminalSession session = start(home, change, arguments);
    session.awaitPrompt();
    return session;
  }

  /**
   * Starts it and does not wait, which is for terminals that cannot say who reads. The shell in
   * between outlives Ctrl-C and says how the program ended: what {@code script} itself ends with
   * depends on which of two ends it sees first.
   */
  static TerminalSession start(Path home, Consumer<Map<String, String>> change, String... arguments)
      throws IOException, InterruptedException {
    List<String> inner = program(arguments);
    inner.add(inner.indexOf("-cp"), "-Dzlens.terminal=in,out,err");
    ProcessBuilder builder =
        new ProcessBuilder(
            "script",
            "-qc",
            "trap : INT; command -p stty cols 100 rows 30; echo \"[on $(command -p tty)]\"; "
                + ("'" + String.join("' '", inner) + "'")
                + "; echo \"[ended with $?]\"",
            "/dev/null");
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("ZLENS_") || name.startsWith("XDG_"));
    environment.put("TERM", "xterm-256color");
    environment.put("HOME", home.toString());
    environment.put("NO_COLOR", "1");
    environment.put("ZLENS_PAGER", "");
    change.accept(environment);
    Screen screen = new Screen(builder.directory(home.toFile()));
    screen.await("[on ");
    return new TerminalSession(screen, screen.await("]"));
  }

  /** Waits until a line is read, and gives what was shown since the last text awaited. */
  String awaitPrompt() throws InterruptedException {
    String before = screen.await(READS);
    screen.await(PROMPT);
    return before;
  }

  /** Types a line and gives what comes of it, without the line itself, once the next is read. */
  String run(String line) throws IOException, InterruptedException {
    enter(line);
    return awaitPrompt();
  }

  /** Types a line, and waits no longer than until it has been read. */
  void enter(String line) throws IOException, InterruptedException {
    type(line + "\r");
    screen.await(HAS_READ);
  }

  /** Types keys to whoever reads them. */
  void type(String keys) throws IOException {
    screen.type(keys);
  }

  /** Waits for a text and gives what came before it. */
  String await(String text) throws InterruptedException {
    return screen.await(text);
  }

  /** Everything shown so far. */
  String text() {
    return screen.text();
  }

  /** Gives the terminal another size, as a window does that is pulled. */
  void resize(int columns, int rows) throws IOException, InterruptedException {
    Process stty =
        new ProcessBuilder("stty", "-F", device, "cols", "" + columns, "rows", "" + rows).start();
    assertThat(stty.waitFor()).isZero();
  }

  /** Leaves by Ctrl-D and waits for the end. */
  void leave() throws IOException, InterruptedException {
    type(CTRL_D);
    awaitEnd();
  }

  /** Waits for an end without an error. */
  void awaitEnd() throws InterruptedException {
    screen.await("[ended with 0]");
  }

  @Override
  public void close() {
    screen.close();
  }
}
