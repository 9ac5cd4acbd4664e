package org.zlens.dsl.command;

/**
 * Something that could be typed at a place, with what it means.
 *
 * @param isWhole whether a blank may follow it; false for a beginning such as {@code L2.F}
 */
public record Candidate(String text, String summary, boolean isWhole) {
  public Candidate(String text, String summary) {
    this(text, summary, true);
  }

  /** A beginning that more has to follow without a blank. */
  public static Candidate beginning(String text, String summary) {
    return new Candidate(text, summary, false);
  }
}
