package org.zlens.engine.data.sprig;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * Random words that come again in the same order: the text that needs previous-token and induction
 * heads.
 *
 * <p>Small pools make a word recur with different followers, so that one word of prefix does not
 * decide and two do (long-prefix induction).
 *
 * @param smallestPool fewest different words in a document
 * @param largestPool most different words in a document
 */
record RepeatPassage(int smallestPool, int largestPool) implements Passage {
  private static final int MOST_WORDS = 96;

  @Override
  public void write(Page page, SplittableRandom random) {
    double span = Math.log((double) largestPool / smallestPool);
    int size = (int) Math.round(smallestPool * Math.exp(random.nextDouble() * span));
    String[] pool = sample(random, Math.max(smallestPool, Math.min(largestPool, size)));
    int form = random.nextInt(100);
    if (form < 50) {
      whole(page, random, pool);
    } else if (form < 80) {
      sharedMiddles(page, random, pool);
    } else {
      planted(page, random, pool);
    }
  }

  /** One segment, copied two to five times: {@code a b c d a b c d}. */
  private static void whole(Page page, SplittableRandom random, String[] pool) {
    boolean distinct = pool.length >= 8 && random.nextInt(4) > 0;
    int longest = distinct ? Math.min(pool.length, 36) : 24;
    int length = 3 + random.nextInt(longest - 2);
    String[] segment = new String[length];
    for (int i = 0; i < length; i++) {
      segment[i] = distinct ? pool[i] : pool[random.nextInt(pool.length)];
    }
    int copies = Math.max(2, Math.min(2 + random.nextInt(4), MOST_WORDS / length));
    for (int copy = 0; copy < copies; copy++) {
      for (String word : segment) {
        page.word(word);
      }
    }
  }

  /**
   * Phrases with the same middle words in random order, {@code a m b, x m d, a m b}: after the
   * middle only the word before it tells how to go on.
   */
  private static void sharedMiddles(Page page, SplittableRandom random, String[] pool) {
    int phrases = 2 + random.nextInt(4);
    int middleLength = 1 + random.nextInt(2);
    String[] middle = new String[middleLength];
    for (int i = 0; i < middleLength; i++) {
      middle[i] = pool[random.nextInt(pool.length)];
    }
    int first = random.nextInt(pool.length);
    int last = random.nextInt(pool.length);
    int count = phrases * (2 + random.nextInt(3));
    count = Math.min(count, MOST_WORDS / (middleLength + 2));
    for (int n = 0; n < count; n++) {
      int phrase = n < phrases ? n : random.nextInt(phrases);
      page.word(pool[(first + phrase) % pool.length]);
      for (String word : middle) {
        page.word(word);
      }
      page.word(pool[(last + phrase) % pool.length]);
    }
  }

  /** A short phrase that comes back among random words: {@code a b . . a b . a b}. */
  private static void planted(Page page, SplittableRandom random, String[] pool) {
    int length = 2 + random.nextInt(3);
    String[] phrase = new String[length];
    for (int i = 0; i < length; i++) {
      phrase[i] = pool[i % pool.length];
    }
    int times = 3 + random.nextInt(4);
    int fill = 1 + random.nextInt(6);
    for (int n = 0; n < times; n++) {
      for (String word : phrase) {
        page.word(word);
      }
      // Fill avoids the phrase's first word where it can, so that it always opens the phrase.
      for (int i = 0; i < fill && pool.length > length; i++) {
        page.word(pool[length + random.nextInt(pool.length - length)]);
      }
    }
  }

  /** Distinct words in random order. */
  static String[] sample(SplittableRandom random, int count) {
    String[] words = Lexicon.POOL.toArray(String[]::new);
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(words.length - i);
      String swapped = words[i];
      words[i] = words[j];
      words[j] = swapped;
    }
    return Arrays.copyOf(words, count);
  }

  @Override
  public List<Template> templates() {
    return List.of();
  }
}
