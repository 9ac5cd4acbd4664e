package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.SourceText;

/**
 * A process that checks one script, or parses it only, and prints the seconds that it took. It is
 * started as {@code zlens run FILE} is, with one more argument.
 */
final class BindProbe {
  private static final String PARSE = "parse";

  private BindProbe() {}

  /**
   * Seconds.
   *
   * @param bound for parsing and checking
   * @param parsed for parsing, in a process of its own
   */
  record Times(double bound, double parsed) {}

  static Times launch(Path script) throws IOException, InterruptedException {
    return new Times(seconds("bind", script), seconds(PARSE, script));
  }

  private static double seconds(String what, Path script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(Launch.launcher(), "run", script.toString(), what))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ZLENS_MAIN", BindProbe.class.getName());
    Process process = builder.start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the script could not be checked");
    }
    return Double.parseDouble(output);
  }

  public static void main(String[] arguments) {
    long start = System.nanoTime();
    SourceText source = SourceText.read(Path.of(arguments[1]), "script");
    if (arguments[2].equals(PARSE)) {
      Parser.parse(source);
    } else {
      try (Session session =
          new Session(new Registry(BuiltinCommands.all()), ResultListener.none())) {
        new Interpreter(session).bind(source);
      } catch (DiagnosticException e) {
        System.err.print(DiagnosticRenderer.render(e.diagnostic()));
        System.exit(1);
      }
    }
    System.out.println((System.nanoTime() - start) / 1e9);
  }
}
