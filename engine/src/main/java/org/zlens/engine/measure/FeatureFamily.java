package org.zlens.engine.measure;

/**
 * A kind of feature that the paper finds in attention layers, each with the property of a place in
 * the text that its features should fire at (paper-spec D-AppF and D-AppI).
 *
 * <p>Favoured tokens are the ten that a feature's direct logit effect favours most, opposed ones
 * the ten that it opposes most. A beginning-of-text token stands before everything and does not
 * count as having come before. These are heuristics: what they name is to be looked at.
 */
public enum FeatureFamily {
  /** The token came before in the text. */
  DUPLICATE("duplicate token"),
  /** The token came before, and what followed it then is favoured. */
  INDUCTION("induction"),
  /** A favoured token came before. */
  NAME_MOVER("name mover"),
  /** An opposed token came before. */
  SUPPRESSION("suppression"),
  /** A token came before whose successor in a known order (numbers, days, letters) is favoured. */
  SUCCESSION("succession"),
  /** The pair of this token and the one before is the feature's most frequent one. */
  N_GRAM("n-gram");

  private final String title;

  FeatureFamily(String title) {
    this.title = title;
  }

  /** Its name as people say it. */
  public String title() {
    return title;
  }
}
