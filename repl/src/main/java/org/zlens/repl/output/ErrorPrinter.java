package org.zlens.repl.output;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.engine.ZlensException.Kind;

/** Shows failures, each in the one form that all have. */
public final class ErrorPrinter {
  private static final String RED = "\u001b[31m";
  private static final String RESET = "\u001b[0m";
  private static final String LABEL = "error:";

  private final TextSink messages;
  private final boolean color;
  private final boolean debug;

  /**
   * @param debug whether every failure shows its stack trace, not only bugs
   */
  public ErrorPrinter(TextSink messages, boolean color, boolean debug) {
    this.messages = messages;
    this.color = color;
    this.debug = debug;
  }

  public void print(Diagnostic diagnostic) {
    String text = DiagnosticRenderer.render(diagnostic);
    if (color && text.startsWith(LABEL)) {
      text = RED + LABEL + RESET + text.substring(LABEL.length());
    }
    messages.write(text);
    if (debug && diagnostic.cause() != null && diagnostic.kind() != Kind.BUG) {
      StringWriter trace = new StringWriter();
      diagnostic.cause().printStackTrace(new PrintWriter(trace, true));
      messages.write(trace.getBuffer());
    }
  }
}
