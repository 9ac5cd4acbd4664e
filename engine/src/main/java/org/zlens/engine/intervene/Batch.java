package org.zlens.engine.intervene;

import java.util.Arrays;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Tensor;

/**
 * Prompts that run together, filled up on the right to the longest of them.
 *
 * @param tokens int64 {@code [batch, pos]}, owned by the caller
 * @param lengths number of true tokens of each row; what follows them is filling
 * @param first number of the first of these prompts in the set that they are part of
 * @param ofRows number of prompts in that set
 */
public record Batch(Tensor tokens, int[] lengths, int first, int ofRows) {
  /** Prompts that are no part of others. */
  public Batch(Tensor tokens, int[] lengths) {
    this(tokens, lengths, 0, lengths.length);
  }

  /** Checks that each row has a length within the tokens. */
  public Batch {
    if (tokens.rank() != 2 || tokens.type() != DType.INT64) {
      throw new IllegalArgumentException("tokens must be INT64[batch, pos], not " + tokens);
    }
    if (lengths.length != tokens.size(0)) {
      throw new IllegalArgumentException(
          lengths.length + " lengths for " + tokens.size(0) + " prompts");
    }
    for (int length : lengths) {
      if (length < 1 || length > tokens.size(1)) {
        throw new IllegalArgumentException("length " + length + " does not fit " + tokens);
      }
    }
    if (first < 0 || first + lengths.length > ofRows) {
      throw new IllegalArgumentException(
          lengths.length + " prompts from " + first + " on are no part of " + ofRows);
    }
    lengths = lengths.clone();
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
    int[] lengths = prompts.prompts().stream().mapToInt(prompt -> prompt.tokens().size()).toArray();
    return new Batch(Tensor.of(tokens, ids.length, prompts.longest()), lengths, first, all.size());
  }

  /** Number of prompts. */
  public int rows() {
    return lengths.length;
  }

  /** Number of positions, those of the longest prompt. */
  public int positions() {
    return Math.toIntExact(tokens.size(1));
  }

  /** The last true position of each prompt. */
  public int[] ends() {
    return Arrays.stream(lengths).map(length -> length - 1).toArray();
  }

  /** Whether some prompt is shorter than the longest. */
  public boolean isRagged() {
    return Arrays.stream(lengths).anyMatch(length -> length < positions());
  }
}
