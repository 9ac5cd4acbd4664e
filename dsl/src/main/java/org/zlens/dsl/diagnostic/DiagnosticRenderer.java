package org.zlens.dsl.diagnostic;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException.Kind;

/**
 * Writes a diagnostic in the one form that all errors have:
 *
 * <pre>
 * error: no feature F99999 in the attention SAE of layer 5 (it has 49152)
 *   --> recipe.zl:7:16
 *    7 | ablate feature L5.F99999 at S2
 *      |                ^^^^^^^^^
 *   hint: features run from F0 to F49151
 * </pre>
 */
public final class DiagnosticRenderer {
  private static final int MESSAGE_LIMIT = 1000;
  private static final int GUTTER = 4;

  private DiagnosticRenderer() {}

  /** The diagnostic as lines, each ended by a line feed; a bug of ours brings its stack trace. */
  public static String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    out.append("error: ").append(safe(diagnostic.message())).append('\n');
    if (diagnostic.source() != null) {
      place(diagnostic, out);
    }
    if (diagnostic.cause() instanceof DiagnosticException inner
        && inner.diagnostic().source() != null) {
      place(inner.diagnostic(), out);
    }
    if (diagnostic.hint() != null) {
      out.append("  hint: ").append(safe(diagnostic.hint())).append('\n');
    }
    if (diagnostic.kind() == Kind.BUG && diagnostic.cause() != null) {
      StringWriter trace = new StringWriter();
      diagnostic.cause().printStackTrace(new PrintWriter(trace, true));
      out.append(trace);
    }
    return out.toString();
  }

  private static void place(Diagnostic diagnostic, StringBuilder out) {
    SourceText source = diagnostic.source();
    int start = diagnostic.span().start();
    int line = source.line(start);
    out.append("  --> ")
        .append(Quoted.printable(source.name()))
        .append(':')
        .append(line)
        .append(':')
        .append(source.column(start))
        .append('\n');
    SourceLine shown = new SourceLine(source, line, start, diagnostic.span().end());
    String number = Integer.toString(line);
    int width = Math.max(GUTTER, number.length());
    out.append(" ".repeat(width - number.length())).append(number);
    out.append((" | " + shown.text()).stripTrailing()).append('\n');
    out.append(" ".repeat(width)).append(" | ").append(shown.carets()).append('\n');
  }

  private static String safe(String message) {
    String text = message == null ? "" : Quoted.printable(message);
    return text.length() <= MESSAGE_LIMIT ? text : text.substring(0, MESSAGE_LIMIT) + "...";
  }
}
