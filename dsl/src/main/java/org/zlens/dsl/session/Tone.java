package org.zlens.dsl.session;

/** How good what a row of a result says is, as a word in a cell and as a colour of the row. */
public enum Tone {
  /** To be relied on. */
  GOOD("good"),
  /** To be looked at again. */
  DOUBTFUL("doubtful"),
  /** Not to be relied on. */
  WRONG("wrong");

  private final String word;

  Tone(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
