package org.zlens.repl.process;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How a program without a terminal says how far it is. */
class ProgressLinesTest {
  @Test
  void plainLinesComeWhereTheyAreAskedFor() throws IOException, InterruptedException {
    try (Screen run =
        new Screen(new ProcessBuilder(TerminalSession.program("--progress", "-c", "slow")))) {
      run.await("working: ");
      run.await(" of 6000, ");
      run.await("/s, ");
      run.await(" s left\n");
    }
  }
}
