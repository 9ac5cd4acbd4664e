package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Random tokens in which a few are copied to a later place, to score heads by the length of the
 * prefix that they match (section D-Fig4a).
 *
 * <p>Rows are made of distinct ids, position 0 being the beginning-of-text token. The tokens at
 * {@code from .. from+prefix-1} are copied to {@code to ..}. An induction head at {@link
 * Trial#destination} looks at {@link Trial#source}.
 *
 * @param prefix number of copied tokens, n in the paper
 * @param trials the rows
 */
public record InductionTrials(int prefix, List<Trial> trials) {
  /**
   * One row.
   *
   * @param ids token ids {@code [pos]}
   * @param from where the copied tokens stand first
   * @param to where they stand again
   * @param prefix how many they are
   */
  public record Trial(int[] ids, int from, int to, int prefix) {
    public Trial {
      ids = ids.clone();
    }

    @Override
    public int[] ids() {
      return ids.clone();
    }

    /** The last token of the copy: where the head must look back from. */
    public int destination() {
      return to + prefix - 1;
    }

    /** The token that followed the first occurrence: what the head must look at. */
    public int source() {
      return from + prefix;
    }
  }

  public InductionTrials {
    trials = List.copyOf(trials);
  }

  /**
   * Draws trials; the first place is uniform in {@code [1, length-30]}, the second uniform in
   * {@code [first+prefix+1, length-1-prefix]}, as in the paper for a length of 128.
   *
   * @param pool ids to draw from, at least as many as a row is long; without the beginning-of-text
   *     token
   * @param length tokens in a row
   * @throws ZlensException if the pool or the row is too short
   */
  public static InductionTrials draw(
      int[] pool, int bosId, int length, int prefix, int count, long seed) {
    int latest = length - 30;
    if (prefix < 1 || latest < 1 || latest + prefix + 1 > length - 1 - prefix) {
      throw new ZlensException(
          Kind.USAGE,
          "a prefix of " + prefix + " tokens does not fit twice into rows of " + length,
          "the paper uses prefixes of 1 to 9 in rows of 128");
    }
    int[] ids = distinct(pool, bosId);
    if (ids.length < length - 1) {
      throw new ZlensException(
          Kind.DATA,
          "rows of "
              + length
              + " distinct tokens need a pool of "
              + (length - 1)
              + ", found "
              + ids.length,
          null);
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Trial> trials = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int[] row = new int[length];
      row[0] = bosId;
      for (int i = 1; i < length; i++) {
        int j = i - 1 + random.nextInt(ids.length - i + 1);
        int swapped = ids[i - 1];
        ids[i - 1] = ids[j];
        ids[j] = swapped;
        row[i] = ids[i - 1];
      }
      int from = random.nextInt(1, latest + 1);
      int to = random.nextInt(from + prefix + 1, length - prefix);
      System.arraycopy(row, from, row, to, prefix);
      trials.add(new Trial(row, from, to, prefix));
    }
    return new InductionTrials(prefix, trials);
  }

  /**
   * The trials as prompts that end with the copy, so that END is where an induction head looks back
   * from; what came after it changes nothing before.
   *
   * <p>Labels: FIRST and SECOND, where the copied tokens begin, and SOURCE, what the head must look
   * at. Its token is the answer, over another token of the row. The tag {@code prefix} is how many
   * tokens are copied.
   *
   * @param seed of the tokens that the answers are over
   */
  public PromptSet prompts(Tokenizer tokenizer, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Prompt> prompts = new ArrayList<>();
    for (Trial trial : trials) {
      int[] row = Arrays.copyOf(trial.ids, trial.destination() + 1);
      int answer = row[trial.source()];
      int over;
      do {
        over = row[1 + random.nextInt(row.length - 1)];
      } while (over == answer);
      Map<String, Integer> labels = new LinkedHashMap<>();
      labels.put("FIRST", trial.from);
      labels.put("SOURCE", trial.source());
      labels.put("SECOND", trial.to);
      prompts.add(
          Prompt.of(tokenizer, row, true)
              .withAnswer(
                  new AnswerPair(tokenizer.piece(answer), answer, tokenizer.piece(over), over))
              .withPositions(new Positions(labels))
              .withTag("prefix", Integer.toString(prefix)));
    }
    return new PromptSet("induction", prompts);
  }

  private static int[] distinct(int[] pool, int bosId) {
    Set<Integer> seen = new HashSet<>();
    seen.add(bosId);
    List<Integer> ids = new ArrayList<>();
    for (int id : pool) {
      if (seen.add(id)) {
        ids.add(id);
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
