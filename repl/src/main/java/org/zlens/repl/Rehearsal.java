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
              + "features L2 at END | top 3 by activation",
          """
          model sprig
          dataset ioi n 4
          mark S3 = " and"#1
          let base = logits top 5
          base | where logit > 0 and not (token = "x") | sort by logit | select token logit as size
          ablate head L1.H2 [L3.H1] at [S2, END-1] | group by order mean(delta) | show
          let some = capture L0.z L1.resid_post
          for n in 1..2 {
            let half = (n + 1) / 2 - max([n, 2])
            tokens f"When {base.token} of {half:.1f}"
            heads L3.F10 top n
          }
          expect count(base) >= 1 and half <= 3 or abs(half) = 2
          """);

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
