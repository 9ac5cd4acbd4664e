package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException.Kind;

/** Ctrl-C for the program as a process without a terminal. */
class InterruptTest {
  @Test
  void aScriptThatIsInterruptedEndsWith130() throws IOException, InterruptedException {
    try (Screen run =
        new Screen(new ProcessBuilder(TerminalSession.program("-c", "1 + 1; slow; 2 + 2")))) {
      run.await("2");
      new ProcessBuilder("kill", "-INT", Long.toString(run.pid())).start().waitFor();
      run.await("error: interrupted");
      assertThat(run.exitCode()).isEqualTo(Kind.INTERRUPTED.exitCode());
      assertThat(run.text()).doesNotContain("4").doesNotContain("Exception");
    }
  }
}
