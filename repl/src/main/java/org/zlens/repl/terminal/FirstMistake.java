package org.zlens.repl.terminal;

import org.zlens.dsl.command.Binder;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.SyntaxException;

/**
 * Finds the first thing in a half-typed entry that no typing on could mend. What would be wrong
 * only if Enter came now is no mistake: a word that may grow, a bracket that may close.
 */
final class FirstMistake {
  /** Checks that take longer than a key stroke may are left out until the entry is another. */
  private static final long PATIENCE = 30_000_000L;

  private static final int NONE = Integer.MAX_VALUE;

  private final Session session;
  private String slow;

  FirstMistake(Session session) {
    this.session = session;
  }

  /** Where it starts; beyond the end if there is none. */
  int in(String line) {
    Script script;
    try {
      script = Parser.parse(new SourceText("", line));
    } catch (SyntaxException e) {
      boolean open = e.incomplete() || e.getMessage().contains("has no closing");
      return open || isBeingTyped(e.span(), line) ? NONE : e.span().start();
    }
    if (slow != null && line.startsWith(slow)) {
      return NONE;
    }
    slow = null;
    long start = System.nanoTime();
    try {
      new Binder(session.registry(), session.forecast()).bind(script);
      return NONE;
    } catch (DiagnosticException e) {
      Diagnostic failure = e.diagnostic();
      boolean missing = failure.cause() instanceof Fault fault && fault.isMissing();
      return missing || isBeingTyped(failure.span(), line) ? NONE : failure.span().start();
    } catch (RuntimeException | StackOverflowError e) {
      // Running the entry will say what this is; a colour cannot.
      return NONE;
    } finally {
      if (System.nanoTime() - start > PATIENCE) {
        slow = line;
      }
    }
  }

  private static boolean isBeingTyped(Span span, String line) {
    return span.end() >= line.length();
  }
}
