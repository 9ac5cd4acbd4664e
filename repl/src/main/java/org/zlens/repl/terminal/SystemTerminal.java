package org.zlens.repl.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal of this process. */
public final class SystemTerminal {
  private SystemTerminal() {}

  /** Opens it, as a dumb one where it has no abilities that are known. */
  public static Terminal open() throws IOException {
    Terminal terminal = builder().build();
    if (terminal.getWidth() <= 0 || terminal.getHeight() <= 0) {
      // Some terminals, such as those of containers, do not say how large they are.
      terminal.setSize(new Size(80, 24));
    }
    return terminal;
  }

  private static TerminalBuilder builder() {
    return TerminalBuilder.builder()
        .name("zlens")
        .system(true)
        .dumb(true)
        .jni(true)
        .exec(true)
        .ffm(false)
        .jna(false)
        .jansi(false)
        .encoding(StandardCharsets.UTF_8);
  }
}
