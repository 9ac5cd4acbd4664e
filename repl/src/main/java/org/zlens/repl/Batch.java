package org.zlens.repl;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.Signals;
import org.zlens.dsl.command.ScriptArguments;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.kotlin.KotlinRun;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.repl.output.ErrorPrinter;

/**
 * Runs scripts without a terminal; Ctrl-C asks the running command to stop, again it is the end.
 */
final class Batch {
  private final Session session;
  private final ErrorPrinter errors;

  Batch(Session session, ErrorPrinter errors) {
    this.session = session;
    this.errors = errors;
  }

  /**
   * Checks and runs a whole script; the first failure ends it as {@link DiagnosticException}.
   *
   * @param arguments a {@code NAME=VALUE} for each parameter that is given a value
   */
  int run(SourceText source, List<String> arguments) {
    Object before = listen();
    try {
      if (arguments.isEmpty()) {
        new Interpreter(session).run(source);
      } else {
        new Interpreter(session).run(ScriptArguments.set(Interpreter.parse(source), arguments));
      }
      return 0;
    } finally {
      Signals.unregister("INT", before);
    }
  }

  /**
   * Runs a Kotlin script by the statement that does; its failure ends it as {@link
   * DiagnosticException}.
   */
  int runKotlin(String file, Map<String, String> arguments) {
    Object before = listen();
    try {
      KotlinRun.refuseIfSafe(session);
      String given =
          arguments.entrySet().stream()
              .map(argument -> argument.getKey() + " = " + text(argument.getValue()))
              .collect(Collectors.joining(", "));
      String statement = "run " + text(file) + (given.isEmpty() ? "" : " with " + given);
      new Interpreter(session).run(new SourceText("command line", statement));
      return 0;
    } finally {
      Signals.unregister("INT", before);
    }
  }

  /**
   * Checks and runs one statement after the other; returns the exit code of the first failure.
   *
   * @param arguments as of {@link #run}
   */
  int runEach(SourceText source, List<String> arguments) {
    Object before = listen();
    Interpreter interpreter = new Interpreter(session);
    int exitCode = 0;
    try {
      Script whole = Interpreter.parse(source);
      Script script = arguments.isEmpty() ? whole : ScriptArguments.set(whole, arguments);
      for (Statement statement : script.statements()) {
        if (session.isQuitting()) {
          break;
        }
        try {
          interpreter.run(new Script(source, List.of(statement)));
        } catch (DiagnosticException e) {
          Diagnostic failure = e.diagnostic();
          errors.print(failure);
          exitCode = exitCode == 0 ? failure.exitCode() : exitCode;
          if (failure.kind() == Kind.INTERRUPTED) {
            break;
          }
        }
      }
      return exitCode;
    } finally {
      Signals.unregister("INT", before);
    }
  }

  private static String text(String value) {
    return Printer.print(new Expression.Text(new Span(0, 0), value));
  }

  private Object listen() {
    return Signals.register(
        "INT",
        () -> {
          if (session.cancellation().isRequested()) {
            Runtime.getRuntime().halt(Kind.INTERRUPTED.exitCode());
          }
          session.cancellation().request();
        });
  }
}
