package org.zlens.repl.terminal;

import java.util.function.LongSupplier;
import org.jline.utils.AttributedString;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Completion;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.SyntaxException;

/** The command language; it takes every line. */
final class CommandLanguage implements LineLanguage {
  private final Session session;
  private final CommandColors colors;

  /**
   * The language of a session.
   *
   * @param clock nanoseconds, by which checks that are slow are left out
   */
  CommandLanguage(Session session, LongSupplier clock) {
    this.session = session;
    this.colors = new CommandColors(session, clock);
  }

  @Override
  public boolean takes(String entry) {
    return true;
  }

  @Override
  public boolean isOpen(String entry) {
    try {
      Parser.parse(new SourceText("", entry));
      return false;
    } catch (SyntaxException e) {
      return e.incomplete();
    }
  }

  @Override
  public void run(SourceText entry) {
    new Interpreter(session).run(entry);
  }

  @Override
  public AttributedString highlight(String entry) {
    return colors.of(entry);
  }

  @Override
  public int wordStart(String before) {
    return Completer.wordStart(before);
  }

  @Override
  public Completion complete(String before) {
    return new Completer(session.registry(), session.forecast()).complete(before);
  }

  @Override
  public String explain(String before) {
    return new Completer(session.registry(), session.forecast()).explain(before);
  }
}
