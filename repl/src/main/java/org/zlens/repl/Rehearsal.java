package org.zlens.repl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.repl.output.OutputFormat;
import org.zlens.repl.terminal.Repl;
import org.zlens.repl.terminal.ReplOptions;
import org.zlens.repl.terminal.SystemTerminal;

/**
 * Does what most launches do, so that the archive of loaded classes holds what they need. The
 * launcher runs it once after a build; what it prints and whether it succeeds is of no matter.
 */
public final class Rehearsal {
  private static final List<String> SCRIPTS =
      List.of(
          "help",
          "set | top 2 by name",
          "set seed \"wrong\"",
          "model sprig\nprompt \"When Ann and Bob went to the store, Bob gave a drink to\"\nlogits\n"
              + "features L2 at END | top 3 by activation");

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Main.quickenTables();
    for (String script : SCRIPTS) {
      new Application(streams("")).run("-c", script);
    }
    for (String format : OutputFormat.names()) {
      new Application(streams("set\n")).run("--format", format);
    }
    new Application(streams("")).run("--help");
    session();
    // Without a terminal this only loads what would open one.
    SystemTerminal.open().close();
  }

  private static Streams streams(String input) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new Streams(bytes(input), nowhere, nowhere, false, false, false, 80, true);
  }

  private static void session() throws IOException {
    ReplOptions options = new ReplOptions(null, null, null, true, false);
    try (Terminal terminal =
        new DumbTerminal(
            "rehearsal",
            "ansi",
            bytes("set | to\t 2 by name\nset seed [\n1]\nquit\n"),
            OutputStream.nullOutputStream(),
            StandardCharsets.UTF_8)) {
      new Repl(terminal, new Registry(BuiltinCommands.all()), options, code -> {}).run();
    }
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
