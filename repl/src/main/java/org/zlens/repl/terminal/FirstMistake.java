package org.zlens.repl.terminal;

import java.util.function.LongSupplier;
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
  /** A check that takes longer than this is felt when it is done at every key. */
  private static final long PATIENCE = 40_000_000L;

  /** After so many slow checks the rest of the entry is not checked; the first only warm up. */
  private static final int SLOW_CHECKS = 4;

  private static final int NONE = Integer.MAX_VALUE;

  private final Session session;
  private final LongSupplier clock;
  private String slow = "";
  private int slowChecks;

  FirstMistake(Session session, LongSupplier clock) {
    this.session = session;
    this.clock = clock;
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
    if (!line.startsWith(slow)) {
      slow = "";
      slowChecks = 0;
    } else if (slowChecks == SLOW_CHECKS) {
      return NONE;
    }
    long start = clock.getAsLong();
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
      if (clock.getAsLong() - start > PATIENCE) {
        slow = slow.isEmpty() ? line : slow;
        slowChecks++;
      }
    }
  }

  private static boolean isBeingTyped(Span span, String line) {
    return span.end() >= line.length();
  }
}
