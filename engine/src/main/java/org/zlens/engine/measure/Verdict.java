package org.zlens.engine.measure;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a person finds a feature to be when they have seen its examples: the kinds of the paper's
 * Table 3, of features in place of heads.
 *
 * <p>The share that Table 1 calls interpretable is that of the first kind: one clear explanation
 * for all that is shown.
 */
public enum Verdict {
  /** One explanation for all. */
  MONOSEMANTIC("one clear explanation fits every place"),

  /** One explanation for nearly all. */
  EXCEPTIONS("one explanation, with one or two exceptions"),

  /** Two explanations, which share nothing. */
  BISEMANTIC("two explanations"),

  /** More than two explanations, or none. */
  POLYSEMANTIC("more explanations, or none that is clear");

  private final String says;

  Verdict(String says) {
    this.says = says;
  }

  /** As files and tables name it, for example {@code monosemantic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it says of a feature. */
  public String says() {
    return says;
  }

  /** The verdict that a word names. */
  public static Optional<Verdict> of(String word) {
    return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
