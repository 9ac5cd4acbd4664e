package org.zlens.dsl.session;

import java.io.Serial;
import org.zlens.engine.ZlensException;

/** Ends a command that was interrupted and whose result so far is worth keeping. */
public final class PartialResult extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Value value;
  private final ZlensException interruption;

  /**
   * A result so far.
   *
   * @param interruption what ended the command, for the user to be told
   */
  public PartialResult(Value value, ZlensException interruption) {
    super(interruption);
    this.value = value;
    this.interruption = interruption;
  }

  /** What the command had found. */
  public Value value() {
    return value;
  }

  /** What ended the command. */
  public ZlensException interruption() {
    return interruption;
  }
}
