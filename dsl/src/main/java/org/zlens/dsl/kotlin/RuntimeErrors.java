package org.zlens.dsl.kotlin;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** What a running script threw, at the line of the script that threw it. */
final class RuntimeErrors {
  private RuntimeErrors() {}

  /** The failure as the user sees it; of one inside a command, the command's place is kept too. */
  static DiagnosticException of(
      Throwable thrown, SourceText source, String fileName, Session session) {
    Throwable root = thrown;
    while (root instanceof ExceptionInInitializerError && root.getCause() != null) {
      root = root.getCause();
    }
    List<Integer> lines = lines(root, source, fileName);
    Span span = lines.isEmpty() ? new Span(0, 0) : line(source, lines.get(0));
    if (root instanceof DiagnosticException command) {
      return command(command, source, span);
    }
    String hint = calledFrom(lines);
    if (root instanceof ZlensException known) {
      String told = known.hint() == null ? hint : known.hint();
      return failure(known.kind(), known.getMessage(), source, span, told, root);
    }
    if (root instanceof InterruptedException || session.cancellation().isRequested()) {
      return failure(Kind.INTERRUPTED, "interrupted", source, span, null, root);
    }
    if (root instanceof OutOfMemoryError) {
      return failure(
          Kind.RUNTIME, "out of memory", source, span, "give the program more with -Xmx", root);
    }
    if (root instanceof StackOverflowError) {
      return failure(Kind.RUNTIME, "a function calls itself too deeply", source, span, null, root);
    }
    String name = root.getClass().getSimpleName();
    String message = root.getMessage() == null ? name : name + ": " + root.getMessage();
    return failure(Kind.RUNTIME, "the script threw " + message, source, span, hint, root);
  }

  /** A command written out in the script is shown in its place there. */
  private static DiagnosticException command(
      DiagnosticException thrown, SourceText source, Span span) {
    Diagnostic inner = thrown.diagnostic();
    if (inner.source() == source) {
      return thrown;
    }
    Span place = CommandLiterals.find(source, span, inner).orElse(null);
    return new DiagnosticException(
        new Diagnostic(
            inner.kind(),
            inner.message(),
            source,
            place == null ? span : place,
            inner.hint(),
            place == null && inner.kind() != Kind.BUG ? thrown : inner.cause()));
  }

  private static DiagnosticException failure(
      Kind kind, String message, SourceText source, Span span, String hint, Throwable cause) {
    return new DiagnosticException(new Diagnostic(kind, message, source, span, hint, cause));
  }

  /** The lines of the script on the way to the failure, the innermost first. */
  private static List<Integer> lines(Throwable thrown, SourceText source, String fileName) {
    int last = source.line(source.text().length());
    List<Integer> lines = new ArrayList<>();
    for (Throwable at = thrown; at != null && lines.isEmpty(); at = at.getCause()) {
      for (StackTraceElement frame : at.getStackTrace()) {
        int line = frame.getLineNumber();
        boolean here = fileName.equals(frame.getFileName()) && line >= 1 && line <= last;
        if (here && (lines.isEmpty() || lines.get(lines.size() - 1) != line)) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private static String calledFrom(List<Integer> lines) {
    List<Integer> callers = lines.stream().skip(1).distinct().limit(5).toList();
    return callers.isEmpty()
        ? null
        : "called from line "
            + String.join(", from line ", callers.stream().map(String::valueOf).toList());
  }

  private static Span line(SourceText source, int line) {
    int start = source.lineStart(line);
    int end = source.lineEnd(line);
    while (start < end && Character.isWhitespace(source.text().charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(source.text().charAt(end - 1))) {
      end--;
    }
    return new Span(start, end);
  }
}
