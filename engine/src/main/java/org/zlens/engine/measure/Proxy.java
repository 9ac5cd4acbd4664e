package org.zlens.engine.measure;

/** A property of places in a text that a feature may stand for (paper-spec D-Fig2). */
@FunctionalInterface
public interface Proxy {
  /**
   * Whether a place has it.
   *
   * @param row number of the row in the text
   * @param ids the tokens of the row, without filling
   * @param position the place, an index of the ids
   */
  boolean holds(long row, int[] ids, int position);
}
