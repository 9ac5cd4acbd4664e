package org.zlens.dsl.command;

/**
 * What a command does beyond looking at the session: a session that was started with {@code --safe}
 * refuses every command that declares one, before anything runs.
 */
public enum Capability {
  /** It creates or changes files; it finds where by {@code Session.output}. */
  WRITE_FILES("writes files"),

  /** It runs statements of another file. */
  RUN_SCRIPTS("runs other files"),

  /** It runs code that is no command of the language. */
  RUN_CODE("runs code"),

  /** It reads what lies outside of the current folder. */
  READ_ELSEWHERE("reads outside of the current folder"),

  /** It opens connections, or a port that others may connect to. */
  USE_NETWORK("uses the network");

  private final String does;

  Capability(String does) {
    this.does = does;
  }

  /** What such a command does, as a sentence says it after the verb. */
  public String does() {
    return does;
  }
}
