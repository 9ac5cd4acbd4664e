package org.zlens.dsl.syntax;

/** How deep blocks and brackets stand in each other; bounded, so that no input exhausts a stack. */
final class Nesting {
  private static final int LIMIT = 100;

  private int depth;

  /** Goes in, at a token that is to blame if this is too deep. */
  void enter(Token at) {
    if (++depth > LIMIT) {
      throw TokenCursor.error(
          at.span(), "brackets are nested deeper than " + LIMIT + " levels", null);
    }
  }

  /** Goes out again. */
  void leave() {
    depth--;
  }

  /** Whether nothing is open. */
  boolean isOutermost() {
    return depth == 0;
  }
}
