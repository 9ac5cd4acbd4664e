package org.zlens.engine.data.sprig;

import java.util.List;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;

/**
 * Training rows: the beginning-of-text token, then documents with that token between them, cut off
 * where the row is full.
 *
 * <p>Each row starts with a new document, so that the first words of a row are never the middle of
 * a sentence. {@link #position} is the whole state: rows from the same text and position are the
 * same.
 */
public final class SprigRows implements TokenRows {
  private final SprigText text;
  private final WordIds ids;
  private final int rowLength;
  private long position;

  /** Rows of a length from the first document on. */
  public SprigRows(SprigText text, WordIds ids, int rowLength) {
    this(text, ids, rowLength, 0);
  }

  /**
   * Rows that go on where others stopped.
   *
   * @param position number of the next document
   */
  public SprigRows(SprigText text, WordIds ids, int rowLength, long position) {
    this.text = text;
    this.ids = ids;
    this.rowLength = rowLength;
    this.position = position;
  }

  /** Rows of {@link Sprig#CONTEXT} tokens in the vocabulary of the jar. */
  public static SprigRows of(long seed, Mix mix) {
    return new SprigRows(new SprigText(seed, mix), WordIds.standard(), Sprig.CONTEXT);
  }

  /** Rows of another length from the same text, from a document on. */
  public SprigRows from(int length, long document) {
    return new SprigRows(text, ids, length, document);
  }

  @Override
  public int[][] next(int batch) {
    int[][] rows = new int[batch][];
    for (int i = 0; i < batch; i++) {
      rows[i] = row();
    }
    return rows;
  }

  /** Number of the document that the next row starts with. */
  public long position() {
    return position;
  }

  @Override
  public TextPlace place() {
    return new TextPlace(0, 0, position);
  }

  @Override
  public void seek(TextPlace place) {
    position = place.document();
  }

  private int[] row() {
    int[] row = new int[rowLength];
    int at = 0;
    while (at < rowLength) {
      row[at++] = ids.beginning();
      List<String> words = text.document(position++).words();
      for (int i = 0; i < words.size() && at < rowLength; i++) {
        row[at++] = ids.id(words.get(i));
      }
    }
    return row;
  }
}
