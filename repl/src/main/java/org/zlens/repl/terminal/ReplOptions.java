package org.zlens.repl.terminal;

import java.nio.file.Path;

/**
 * How a session at a terminal is set up.
 *
 * @param format how results are printed, or null for the usual
 * @param init a script to run first, or null
 * @param history the file that keeps what was typed, or null
 * @param color whether the terminal may be sent colours
 * @param debug whether every error shows where in zlens it comes from
 * @param pager the program for long results; empty for none, null for pages of our own
 */
public record ReplOptions(
    String format, Path init, Path history, boolean color, boolean debug, String pager) {
  /** Options of a session without pages. */
  public ReplOptions(String format, Path init, Path history, boolean color, boolean debug) {
    this(format, init, history, color, debug, "");
  }
}
