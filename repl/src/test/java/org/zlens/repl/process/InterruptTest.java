package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException.Kind;

/** The program as a process: Ctrl-C, the prompt on a terminal, and terminals without abilities. */
class InterruptTest {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String ESCAPE = "\u001b";

  private static List<String> program(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SlowProgram.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * The program on a terminal of its own. The shell in between outlives Ctrl-C and says how the
   * program ended: what {@code script} itself ends with depends on which of two ends it sees first.
   */
  private static Screen terminal(Map<String, String> environment) throws IOException {
    List<String> inner = program("--no-init");
    inner.add(1, "-Dzlens.terminal=in,out,err");
    ProcessBuilder builder =
        new ProcessBuilder(
            "script",
            "-qc",
            "trap : INT; '" + String.join("' '", inner) + "'; echo \"[ended with $?]\"",
            "/dev/null");
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("ZLENS_HISTORY", "");
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(environment);
    return new Screen(builder);
  }

  @Test
  void aScriptThatIsInterruptedEndsWith130() throws IOException, InterruptedException {
    try (Screen run = new Screen(new ProcessBuilder(program("-c", "1 + 1; slow; 2 + 2")))) {
      run.await("2");
      new ProcessBuilder("kill", "-INT", Long.toString(run.pid())).start().waitFor();
      run.await("error: interrupted");
      assertThat(run.exitCode()).isEqualTo(Kind.INTERRUPTED.exitCode());
      assertThat(run.text()).doesNotContain("4").doesNotContain("Exception");
    }
  }

  @Test
  void controlCStopsTheCommandAndClearsTheLineButNeverTheSession()
      throws IOException, InterruptedException {
    try (Screen session = terminal(Map.of())) {
      session.await("zlens> ");
      session.type("slow\r");
      session.await("working");
      session.type(CTRL_C);
      session.await(" interrupted");
      session.await("zlens> ");
      session.type("this is given up" + CTRL_C);
      session.await("zlens> ");
      session.type("40 + 2\r");
      session.await("42");
      session.await("zlens> ");
      session.type("quit\r");
      session.await("[ended with 0]");
    }
  }

  @Test
  void aDumbTerminalGetsNoControlSequences() throws IOException, InterruptedException {
    try (Screen session = terminal(Map.of("TERM", "dumb"))) {
      session.await("zlens> ");
      session.type("nosuch\r");
      session.await("error: no verb 'nosuch'");
      session.await("zlens> ");
      session.type(CTRL_D);
      session.await("[ended with 0]");
      assertThat(session.text()).doesNotContain(ESCAPE);
    }
  }

  @Test
  void coloursAreLeftOutWhereTheyAreNotWanted() throws IOException, InterruptedException {
    try (Screen session = terminal(Map.of("NO_COLOR", "1"))) {
      session.await("zlens> ");
      session.type("nosuch\r");
      session.await("error: no verb 'nosuch'");
      session.type("exit\r");
      session.await("[ended with 0]");
      assertThat(session.text()).doesNotContainPattern(ESCAPE + "\\[[0-9;]*3[0-9]m");
    }
    try (Screen session = terminal(Map.of())) {
      session.await("zlens> ");
      session.type("nosuch\r");
      session.await(ESCAPE + "[31merror:" + ESCAPE + "[0m no verb");
      session.type("exit\r");
      session.await("[ended with 0]");
    }
  }
}
