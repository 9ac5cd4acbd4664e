package org.zlens.engine.data;

/**
 * Rows of token ids for training, without an end, and the place in the text where the next begins.
 *
 * <p>Rows read from the same place are the same, so that the place is all that has to be kept.
 */
public interface TokenRows {
  /** The next rows, ids {@code [rows, length]}. */
  int[][] next(int rows);

  /** Where the next rows begin. */
  TextPlace place();

  /** Goes to a place that {@link #place} gave. */
  void seek(TextPlace place);
}
