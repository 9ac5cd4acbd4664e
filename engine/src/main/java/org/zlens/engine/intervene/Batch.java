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
 */
public record Batch(Tensor tokens, int[] lengths) {
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
    int[][] ids = prompts.ids(0);
    long[] tokens =
        Arrays.stream(ids).flatMapToLong(row -> Arrays.stream(row).asLongStream()).toArray();
    int[] lengths = prompts.prompts().stream().mapToInt(prompt -> prompt.tokens().size()).toArray();
    return new Batch(Tensor.of(tokens, ids.length, prompts.longest()), lengths);
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
