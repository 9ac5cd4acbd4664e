package org.zlens.dsl.session;

/** What the names in an expression stand for. */
public interface Names {
  /** The value of a bare word, or null when it names nothing here. */
  Value word(String name);

  /** The value of {@code $name}, or null when there is none. */
  Value variable(String name);

  /**
   * The value of a whole dotted name or address taken as a name, or null; tables may have such
   * columns.
   */
  default Value whole(String text) {
    return null;
  }

  /** Names that are near to one that was not found, as a hint, or null. */
  default String hint(String name) {
    return null;
  }
}
