package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws names, and keeps one unordered pair in ten out of every training document.
 *
 * <p>A pair is held out when the sum of the places of its names in {@link Lexicon#NAMES} leaves 3
 * modulo 10, so each name is missing about six partners.
 */
public final class NamePairs {
  private static final List<String> NAMES = Lexicon.NAMES;

  private NamePairs() {}

  /** Whether two names never stand together in a training document. */
  public static boolean heldOut(String first, String second) {
    return heldOut(NAMES.indexOf(first), NAMES.indexOf(second));
  }

  private static boolean heldOut(int first, int second) {
    return (first + second) % 10 == 3;
  }

  /**
   * Distinct names of which every two may stand together in training.
   *
   * @param count how many, at most 6
   */
  static String[] training(SplittableRandom random, int count) {
    int[] chosen = new int[count];
    String[] names = new String[count];
    for (int n = 0; n < count; n++) {
      int candidate;
      boolean fits;
      do {
        candidate = random.nextInt(NAMES.size());
        fits = true;
        for (int m = 0; m < n; m++) {
          fits &= chosen[m] != candidate && !heldOut(chosen[m], candidate);
        }
      } while (!fits);
      chosen[n] = candidate;
      names[n] = NAMES.get(candidate);
    }
    return names;
  }

  /** Two distinct names, in either order, that are a held-out pair. */
  public static String[] heldOutPair(SplittableRandom random) {
    while (true) {
      int first = random.nextInt(NAMES.size());
      int second = random.nextInt(NAMES.size());
      if (first != second && heldOut(first, second)) {
        return new String[] {NAMES.get(first), NAMES.get(second)};
      }
    }
  }
}
