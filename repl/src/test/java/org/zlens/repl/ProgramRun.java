package org.zlens.repl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;

/** One run of the program inside the test: its exit code and what it wrote where. */
public record ProgramRun(int exitCode, String out, String err) {
  /** Runs with these arguments and nothing on standard input. */
  public static ProgramRun of(String... arguments) {
    return withInput("", arguments);
  }

  /** Runs with a text on standard input, which is no terminal. */
  public static ProgramRun withInput(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            false,
            false,
            false,
            0,
            false);
    int exitCode = new Application(streams, registry()).run(arguments);
    return new ProgramRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The commands of the language and those of these tests. */
  static Registry registry() {
    return new Registry(BuiltinCommands.all())
        .with(List.of(new SampleCommand(), new SlowCommand()));
  }
}
