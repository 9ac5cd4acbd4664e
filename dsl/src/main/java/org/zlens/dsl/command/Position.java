package org.zlens.dsl.command;

/** A place in prompts as a script writes it; each prompt resolves it for itself. */
public sealed interface Position {
  /** The position as a script writes it. */
  String text();

  /** A token by number, from 0. */
  record Index(int index) implements Position {
    @Override
    public String text() {
      return Integer.toString(index);
    }
  }

  /** A label of the data set or of {@code mark}, with an offset in tokens: {@code S2+1}. */
  record Label(String name, int offset) implements Position {
    @Override
    public String text() {
      return name + Position.signed(offset);
    }
  }

  /** Where a text stands for the n-th time, counting from 1: {@code " Bob"#2}. */
  record Occurrence(String word, int number, int offset) implements Position {
    @Override
    public String text() {
      return '"' + word + "\"#" + number + Position.signed(offset);
    }
  }

  /** The last token: {@code END}; offsets go back from it. */
  record End(int offset) implements Position {
    @Override
    public String text() {
      return "END" + Position.signed(offset);
    }
  }

  /** Every token: {@code ALL}. */
  record All() implements Position {
    @Override
    public String text() {
      return "ALL";
    }
  }

  /**
   * The union of where a place lies in all prompts, in each of them: {@code any S2}. What the code
   * of the paper does (paper-spec D-Fig16a).
   */
  record Any(Position of) implements Position {
    @Override
    public String text() {
      return "any(" + of.text() + ")";
    }
  }

  private static String signed(int offset) {
    return offset == 0 ? "" : offset > 0 ? "+" + offset : Integer.toString(offset);
  }
}
