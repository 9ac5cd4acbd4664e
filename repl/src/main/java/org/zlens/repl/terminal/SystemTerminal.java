package org.zlens.repl.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal of this process. */
public final class SystemTerminal {
  private SystemTerminal() {}

  /** Opens it, as a dumb one where it has no abilities that are known. */
  public static Terminal open() throws IOException {
    return TerminalBuilder.builder()
        .name("zlens")
        .system(true)
        .dumb(true)
        .jni(true)
        .exec(true)
        .ffm(false)
        .jna(false)
        .jansi(false)
        .encoding(StandardCharsets.UTF_8)
        .build();
  }
}
