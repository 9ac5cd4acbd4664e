package org.zlens.dsl.study;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of one number of a study.
 *
 * @param finding its name
 * @param expected what was expected of it, if it is expected at all
 * @param measured what was found, if it was
 */
public record Verdict(
    String finding, Optional<ExpectedFinding> expected, OptionalDouble measured, Outcome outcome) {

  /** How a number fared. */
  public enum Outcome {
    /** It is what it should be. */
    HOLDS("holds", true),
    /** It was found, and nothing is published of it for this model. */
    NOT_PUBLISHED("not published", true),
    /** It is another number. */
    FAILS("fails", false),
    /** The recipe has not found it. */
    MISSING("missing", false),
    /** The recipe has found it, and expected.json does not know of it. */
    UNLISTED("not in expected.json", false);

    private final String words;
    private final boolean good;

    Outcome(String words, boolean good) {
      this.words = words;
      this.good = good;
    }

    /** As a table says it. */
    public String words() {
      return words;
    }

    /** Whether a study may pass with it. */
    public boolean isGood() {
      return good;
    }
  }
}
