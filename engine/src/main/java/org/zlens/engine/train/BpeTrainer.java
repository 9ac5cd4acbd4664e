package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.ByteLevel;

/**
 * Trains a byte-level BPE vocabulary from counts of words.
 *
 * <p>Words are those of {@link ByteLevel#words}; the pair of neighbours with the highest count is
 * merged first, ties going to the pair with the lower ids, so that the same counts give the same
 * vocabulary on every machine.
 */
public final class BpeTrainer {
  /** The token that begins a row and ends a document. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  private final int vocabularyLimit;

  /**
   * A trainer that stops at a number of tokens, the 256 bytes and the end-of-text token included.
   */
  public BpeTrainer(int vocabularyLimit) {
    if (vocabularyLimit < 257) {
      throw new ZlensException(
          Kind.USAGE,
          "a byte-level vocabulary needs at least 257 tokens, not " + vocabularyLimit,
          "256 bytes and the end-of-text token");
    }
    this.vocabularyLimit = vocabularyLimit;
  }

  /** Counts the words of a text, for {@link #train}. */
  public static void count(String text, Map<String, Long> counts) {
    for (String word : ByteLevel.words(text)) {
      counts.merge(word, 1L, Long::sum);
    }
  }

  /**
   * Learns merges until the limit is reached or every word is one token.
   *
   * @param counts how often each word occurs; the order of the map does not matter
   */
  public BpeVocabulary train(Map<String, Long> counts) {
    List<String> tokens = new ArrayList<>(ByteLevel.alphabet());
    Map<String, Integer> ids = new HashMap<>();
    for (String token : tokens) {
      ids.put(token, ids.size());
    }
    List<int[]> words = new ArrayList<>();
    List<Long> weights = new ArrayList<>();
    for (String word : new TreeSet<>(counts.keySet())) {
      words.add(
          ByteLevel.spell(word).chars().map(c -> ids.get(String.valueOf((char) c))).toArray());
      weights.add(counts.get(word));
    }
    PairCounts pairs = new PairCounts();
    for (int w = 0; w < words.size(); w++) {
      pairs.add(w, words.get(w), weights.get(w));
    }
    List<BpeVocabulary.Merge> merges = new ArrayList<>();
    while (tokens.size() + 1 < vocabularyLimit) {
      long best = pairs.best();
      if (best < 0) {
        break;
      }
      int left = (int) (best >>> 32);
      int right = (int) best;
      String merged = tokens.get(left) + tokens.get(right);
      Integer known = ids.get(merged);
      int id = known == null ? tokens.size() : known;
      if (known == null) {
        ids.put(merged, id);
        tokens.add(merged);
      }
      merges.add(new BpeVocabulary.Merge(tokens.get(left), tokens.get(right)));
      for (int w : pairs.wordsWith(best)) {
        int[] before = words.get(w);
        pairs.add(w, before, -weights.get(w));
        int[] after = merge(before, left, right, id);
        words.set(w, after);
        pairs.add(w, after, weights.get(w));
      }
    }
    tokens.add(END_OF_TEXT);
    return new BpeVocabulary(tokens, merges);
  }

  private static int[] merge(int[] word, int left, int right, int id) {
    int[] merged = new int[word.length];
    int n = 0;
    for (int i = 0; i < word.length; i++) {
      if (i + 1 < word.length && word[i] == left && word[i + 1] == right) {
        merged[n++] = id;
        i++;
      } else {
        merged[n++] = word[i];
      }
    }
    return Arrays.copyOf(merged, n);
  }

  /** Counts of neighbouring pairs, with the words that hold each. */
  private static final class PairCounts {
    private final Map<Long, Long> counts = new HashMap<>();
    private final Map<Long, Set<Integer>> holders = new HashMap<>();

    void add(int word, int[] ids, long weight) {
      for (int i = 0; i + 1 < ids.length; i++) {
        long pair = ((long) ids[i] << 32) | ids[i + 1];
        counts.merge(pair, weight, Long::sum);
        holders.computeIfAbsent(pair, p -> new TreeSet<>()).add(word);
      }
    }

    long best() {
      long best = -1;
      long bestCount = 0;
      for (Map.Entry<Long, Long> entry : counts.entrySet()) {
        long count = entry.getValue();
        if (count > bestCount || (count == bestCount && count > 0 && entry.getKey() < best)) {
          best = entry.getKey();
          bestCount = count;
        }
      }
      return best;
    }

    List<Integer> wordsWith(long pair) {
      return List.copyOf(holders.get(pair));
    }
  }
}
