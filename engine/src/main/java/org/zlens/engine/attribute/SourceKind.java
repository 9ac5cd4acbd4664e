package org.zlens.engine.attribute;

/** Where a source position lies, as seen from the destination. */
public enum SourceKind {
  /** The destination itself. */
  ITSELF("this token"),
  /** The position before it. */
  PREVIOUS("one before"),
  /** The first position of the row, where attention rests, unless it is one of the above. */
  FIRST("first token"),
  /** A position within the eight before it. */
  NEAR("2 to 8 before"),
  /** Any other. */
  FAR("farther");

  private static final int NEAREST = 8;

  private final String label;

  SourceKind(String label) {
    this.label = label;
  }

  /** The name for tables. */
  public String label() {
    return label;
  }

  /** The kind of a source. */
  static SourceKind of(int destination, int source) {
    int distance = destination - source;
    if (distance <= 1) {
      return distance == 0 ? ITSELF : PREVIOUS;
    }
    if (source == 0) {
      return FIRST;
    }
    return distance <= NEAREST ? NEAR : FAR;
  }
}
