package org.zlens.engine.measure;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Tensor;

/**
 * The beginning of a long text in batches of rows: so many tokens, or all rows that its files fill
 * where they have fewer, since measuring a text twice would make it no longer.
 *
 * <p>Which rows there are does not hang on how many make a batch.
 */
public final class CorpusBatches implements TextBatches, AutoCloseable {
  /** Rows that are read together; a call of {@link TokenRows#next} drops the end of a document. */
  private static final int ROWS_READ = 32;

  /** Logits of a batch, so that those of a large vocabulary fit into memory twice. */
  private static final long LARGEST = 1L << 25;

  private final TokenRows text;
  private final int length;
  private final long rows;
  private final int rowsAtOnce;

  /**
   * The first rows of a text.
   *
   * @param text from its start
   * @param length tokens of its rows
   * @param tokens how many, rounded down to whole rows but at least one
   * @param vocabulary of the model, which decides how many rows make a batch
   */
  public CorpusBatches(TokenRows text, int length, long tokens, int vocabulary) {
    this.text = text;
    this.length = length;
    this.rows = Math.max(1, tokens / length);
    this.rowsAtOnce =
        (int) Math.max(1, Math.min(ROWS_READ, LARGEST / ((long) length * vocabulary)));
  }

  @Override
  public int count() {
    return (int) Math.min(Integer.MAX_VALUE, (rows + rowsAtOnce - 1) / rowsAtOnce);
  }

  /** Rows of the text; it may end before. */
  public long rows() {
    return rows;
  }

  @Override
  public Iterator<Batch> batches() {
    text.seek(TextPlace.START);
    return new Reading();
  }

  /** Lets go of the file that was read last. */
  @Override
  public void close() {
    text.seek(TextPlace.START);
  }

  private final class Reading implements Iterator<Batch> {
    private final Deque<int[]> waiting = new ArrayDeque<>();
    private long read;
    private boolean ended;

    @Override
    public boolean hasNext() {
      while (waiting.size() < rowsAtOnce && !ended) {
        read();
      }
      return !waiting.isEmpty();
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int[][] some = new int[Math.min(rowsAtOnce, waiting.size())][];
      Arrays.setAll(some, i -> waiting.poll());
      return Batch.of(Tensor.ofRows(some));
    }

    private void read() {
      int wanted = (int) Math.min(ROWS_READ, rows - read);
      TextPlace from = text.place();
      int[][] some = text.next(wanted);
      if (text.place().pass() > 0) {
        some = firstPass(from, wanted);
        ended = true;
      }
      waiting.addAll(Arrays.asList(some));
      read += some.length;
      ended |= read == rows;
      if (read == 0) {
        throw new ZlensException(
            Kind.DATA,
            "the text does not fill one row of " + length + " tokens",
            "ask for shorter rows with 'length'");
      }
    }

    /** The rows from a place on that are full before the text begins again. */
    private int[][] firstPass(TextPlace from, int tooMany) {
      int[][] best = new int[0][];
      int low = 0;
      int high = tooMany;
      while (high - low > 1) {
        int middle = (low + high) / 2;
        text.seek(from);
        int[][] some = text.next(middle);
        if (text.place().pass() > 0) {
          high = middle;
        } else {
          low = middle;
          best = some;
        }
      }
      return best;
    }
  }
}
