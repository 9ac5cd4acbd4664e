package org.zlens.repl.terminal;

import org.jline.utils.AttributedString;
import org.zlens.dsl.command.Completion;
import org.zlens.dsl.syntax.SourceText;

/**
 * A language that lines at the prompt may be written in. {@link Repl} asks its languages in order;
 * the first that takes an entry does everything with it.
 *
 * <p>Entries run on the thread of the commands; everything else is asked while a line is typed, on
 * the thread that reads it, and never while an entry runs.
 */
interface LineLanguage {
  /** Whether an entry, which may be half typed, is of this language. */
  boolean takes(String entry);

  /** Whether more lines could still make it whole, so that Enter only starts the next line. */
  boolean isOpen(String entry);

  /**
   * Runs a whole entry.
   *
   * @throws org.zlens.dsl.diagnostic.DiagnosticException at the first failure, and nothing else
   */
  void run(SourceText entry);

  /** The same text in colours. */
  AttributedString highlight(String entry);

  /** Where the word begins that is being typed at the end of a text. */
  int wordStart(String before);

  /** What could be typed next, given the text before the cursor. */
  Completion complete(String before);

  /** What there is to know about the place after a text, or null if that asks for nothing. */
  String explain(String before);
}
