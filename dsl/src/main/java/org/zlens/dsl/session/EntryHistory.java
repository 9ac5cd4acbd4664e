package org.zlens.dsl.session;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was typed at the prompt, in this session and the ones before it.
 *
 * @param entries gives them as they are now, oldest first
 */
public record EntryHistory(Supplier<List<Entry>> entries) implements SessionObject {
  /** Where a session at a prompt has its own. */
  public static final Slot<EntryHistory> SLOT = new Slot<>("history", EntryHistory.class);

  /**
   * One entry, of one line or more.
   *
   * @param number counts from 1 at the oldest that is kept
   */
  public record Entry(int number, Instant time, String text) {}
}
