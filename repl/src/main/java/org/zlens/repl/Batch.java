package org.zlens.repl;

import java.util.List;
import java.util.Map;
import org.jline.utils.Signals;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.kotlin.ScriptRunner;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
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

  /** Checks and runs a whole source; the first failure ends it as {@link DiagnosticException}. */
  int run(SourceText source) {
    Object before = listen();
    try {
      new Interpreter(session).run(source);
      return 0;
    } finally {
      Signals.unregister("INT", before);
    }
  }

  /** Runs a Kotlin script; its failure ends it as {@link DiagnosticException}. */
  int runKotlin(SourceText source, Map<String, String> arguments) {
    Object before = listen();
    try {
      new ScriptRunner().run(source, arguments, session);
      return 0;
    } finally {
      Signals.unregister("INT", before);
    }
  }

  /** Checks and runs one statement after the other; returns the exit code of the first failure. */
  int runEach(SourceText source) {
    Object before = listen();
    Interpreter interpreter = new Interpreter(session);
    int exitCode = 0;
    try {
      for (Statement statement : Interpreter.parse(source).statements()) {
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
