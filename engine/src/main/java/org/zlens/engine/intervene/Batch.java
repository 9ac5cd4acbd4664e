package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Tensor;

/**
 * Prompts that run together, filled up on the right to the longest of them; or a window of such a
 * run, in which each row is some positions of a prompt and a prompt may stand in many rows.
 *
 * <p>Whoever edits a pass reads from its batch which prompt each row is, and which position each
 * column: {@link #prompt} and {@link #offset}.
 */
public final class Batch {
  private final Tensor tokens;
  private final int[] prompts;
  private final int[] offsets;
  private final int[] lengthsOfAll;
  private final boolean window;

  private Batch(Tensor tokens, int[] prompts, int[] offsets, int[] lengthsOfAll, boolean window) {
    if (tokens.rank() != 2 || tokens.type() != DType.INT64) {
      throw new IllegalArgumentException("tokens must be INT64[batch, pos], not " + tokens);
    }
    this.tokens = tokens;
    this.prompts = prompts;
    this.offsets = offsets;
    this.lengthsOfAll = lengthsOfAll;
    this.window = window;
  }

  /**
   * Prompts that are no part of others.
   *
   * @param tokens int64 {@code [batch, pos]}, owned by the caller
   * @param lengths number of true tokens of each row; what follows them is filling
   */
  public Batch(Tensor tokens, int[] lengths) {
    this(tokens, range(lengths.length), new int[lengths.length], lengths.clone(), false);
    requireLengths();
  }

  /**
   * Prompts that are part of a set.
   *
   * @param tokens int64 {@code [batch, pos]}, owned by the caller
   * @param first number of the first of these prompts in the set
   * @param lengthsOfAll number of true tokens of each prompt of the set
   */
  public static Batch part(Tensor tokens, int first, int[] lengthsOfAll) {
    int rows = Math.toIntExact(tokens.size(0));
    if (first < 0 || first + rows > lengthsOfAll.length) {
      throw new IllegalArgumentException(
          rows + " prompts from " + first + " on are no part of " + lengthsOfAll.length);
    }
    int[] prompts = IntStream.range(first, first + rows).toArray();
    Batch part = new Batch(tokens, prompts, new int[rows], lengthsOfAll.clone(), false);
    part.requireLengths();
    return part;
  }

  private void requireLengths() {
    int[] lengths = lengths();
    if (lengths.length != tokens.size(0)) {
      throw new IllegalArgumentException(
          lengths.length + " lengths for " + tokens.size(0) + " prompts");
    }
    for (int length : lengths) {
      if (length < 1 || length > tokens.size(1)) {
        throw new IllegalArgumentException("length " + length + " does not fit " + tokens);
      }
    }
  }

  private static int[] range(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** Prompts of one length, without filling. */
  public static Batch of(Tensor tokens) {
    int[] lengths = new int[Math.toIntExact(tokens.size(0))];
    Arrays.fill(lengths, Math.toIntExact(tokens.size(1)));
    return new Batch(tokens, lengths);
  }

  /** Prompts of a set, filled up with token 0; the tokens belong to the caller's scope. */
  public static Batch of(PromptSet prompts) {
    return of(prompts, 0, prompts.size());
  }

  /**
   * Some prompts of a set, filled up with token 0 to the longest of them; places that are named for
   * the whole set ({@link Where#rows}) mean the same prompts in it.
   *
   * @param last the number after that of the last prompt
   */
  public static Batch of(PromptSet all, int first, int last) {
    PromptSet prompts =
        last - first == all.size()
            ? all
            : new PromptSet(all.name(), all.prompts().subList(first, last));
    int[][] ids = prompts.ids(0);
    long[] tokens =
        Arrays.stream(ids).flatMapToLong(row -> Arrays.stream(row).asLongStream()).toArray();
    int[] lengths = all.prompts().stream().mapToInt(prompt -> prompt.tokens().size()).toArray();
    return part(Tensor.of(tokens, ids.length, prompts.longest()), first, lengths);
  }

  /**
   * Rows of this batch, each as often as it is named, all columns of them; filling at the end that
   * all of them share stays.
   */
  public Batch select(int... rows) {
    return new Batch(
        tokens.indexSelect(0, Arrays.stream(rows).asLongStream().toArray()),
        Arrays.stream(rows).map(row -> prompts[row]).toArray(),
        Arrays.stream(rows).map(row -> offsets[row]).toArray(),
        lengthsOfAll,
        window);
  }

  /**
   * A window of this batch: some of its columns, others in each row. Places outside it do not exist
   * in it, so that an edit may find nothing to do there.
   *
   * @param rows the row of this batch that each row of the window is part of
   * @param columns the first column of each
   * @param width number of columns
   */
  public Batch window(int[] rows, int[] columns, int width) {
    long[] picked = new long[rows.length * width];
    int[] first = new int[rows.length];
    for (int row = 0; row < rows.length; row++) {
      if (columns[row] < 0 || columns[row] + width > positions()) {
        throw new IllegalArgumentException(
            "columns " + columns[row] + " to " + (columns[row] + width) + " are not in " + tokens);
      }
      first[row] = offsets[rows[row]] + columns[row];
      for (int i = 0; i < width; i++) {
        picked[row * width + i] = columns[row] + i;
      }
    }
    Tensor all = tokens.indexSelect(0, Arrays.stream(rows).asLongStream().toArray());
    return new Batch(
        all.gather(1, Tensor.of(picked, rows.length, width)),
        Arrays.stream(rows).map(row -> prompts[row]).toArray(),
        first,
        lengthsOfAll,
        true);
  }

  /** Token ids, int64 {@code [batch, pos]}. */
  public Tensor tokens() {
    return tokens;
  }

  /** Number of rows. */
  public int rows() {
    return prompts.length;
  }

  /** Number of columns: the positions of the longest prompt, or those of the window. */
  public int positions() {
    return Math.toIntExact(tokens.size(1));
  }

  /** Number of the prompt of a row in the set that these prompts are part of. */
  public int prompt(int row) {
    return prompts[row];
  }

  /** The position of the first column of a row in its prompt; 0 but in a window. */
  public int offset(int row) {
    return offsets[row];
  }

  /** Number of prompts in the set that these are part of. */
  public int ofRows() {
    return lengthsOfAll.length;
  }

  /** Number of true tokens of each prompt of the set that these are part of. */
  public int[] lengthsOfAll() {
    return lengthsOfAll.clone();
  }

  /** Number of true tokens of the prompt of each row. */
  public int[] lengths() {
    return Arrays.stream(prompts).map(prompt -> lengthsOfAll[prompt]).toArray();
  }

  /** Whether the columns are some positions of the prompts only. */
  public boolean isWindow() {
    return window;
  }

  /** The last true position of the prompt of each row. */
  public int[] ends() {
    return Arrays.stream(lengths()).map(length -> length - 1).toArray();
  }

  /** Whether some row ends in filling. */
  public boolean isRagged() {
    int[] lengths = lengths();
    return IntStream.range(0, rows()).anyMatch(row -> lengths[row] < offsets[row] + positions());
  }
}
