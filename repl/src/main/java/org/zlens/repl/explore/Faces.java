package org.zlens.repl.explore;

import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Statement;

/**
 * Hands what a session says to the faces that show it: to the terminal what was asked for there, to
 * the page all.
 *
 * <p>One thread runs commands and hears of them; a page may come and go on it.
 */
public final class Faces implements ResultListener {
  private final ResultListener terminal;
  private ResultListener page = ResultListener.none();
  private boolean fromPage;

  /**
   * Faces of a session.
   *
   * @param terminal what shows results of lines that were typed
   */
  public Faces(ResultListener terminal) {
    this.terminal = terminal;
  }

  /** Has another page hear everything from now on. */
  void show(ResultListener other) {
    page = other;
  }

  /** Runs something that the page has asked for, of which the terminal shows no results. */
  public void duringPage(Runnable body) {
    fromPage = true;
    try {
      body.run();
    } finally {
      fromPage = false;
    }
  }

  /** Whether what runs was asked for by the page. */
  boolean isFromPage() {
    return fromPage;
  }

  private ResultListener first() {
    return fromPage ? ResultListener.none() : terminal;
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    first().onValue(statement, value, provenance);
    page.onValue(statement, value, provenance);
  }

  @Override
  public void onNote(String note) {
    first().onNote(note);
    page.onNote(note);
  }

  @Override
  public void onPrint(String text) {
    first().onPrint(text);
    page.onPrint(text);
  }

  @Override
  public void onProgress(String what, long done, long total) {
    first().onProgress(what, done, total);
    page.onProgress(what, done, total);
  }
}
