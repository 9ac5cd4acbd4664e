package org.zlens.repl.explore;

/** What a page may do with the session that it shows. */
public interface PageCommands {
  /** Runs statements after all that waits to run, as if they were typed. Does not wait for them. */
  void submit(String text);

  /** Asks whatever runs to stop. */
  void cancel();
}
