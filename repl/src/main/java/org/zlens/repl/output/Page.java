package org.zlens.repl.output;

/**
 * Where results go, and how much of them.
 *
 * @param out takes the text
 * @param width columns of the terminal; 0 where nothing needs to be cut
 * @param rows most rows of a table that a person is shown
 * @param color whether colours may be used
 */
public record Page(Appendable out, int width, int rows, boolean color) {
  /** A page without colours. */
  public Page(Appendable out, int width, int rows) {
    this(out, width, rows, false);
  }
}
