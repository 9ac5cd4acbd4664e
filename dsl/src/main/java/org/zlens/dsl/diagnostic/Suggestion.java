package org.zlens.dsl.diagnostic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** "Did you mean": the names near to a misspelt one, and none when it is far from all. */
public final class Suggestion {
  private static final int LONGEST = 64;

  private Suggestion() {}

  /** A hint such as {@code did you mean 'ablate'?}, or null when nothing is near. */
  public static String didYouMean(String typed, Collection<String> names) {
    List<String> near = nearest(typed, names, 1);
    return near.isEmpty() ? null : "did you mean '" + near.get(0) + "'?";
  }

  /** A hint with the nearest name, or else with the place to look. */
  public static String didYouMean(String typed, Collection<String> names, String otherwise) {
    String near = didYouMean(typed, names);
    return near == null ? otherwise : near;
  }

  /** At most {@code limit} names within a third of the typed length, the nearest first. */
  public static List<String> nearest(String typed, Collection<String> names, int limit) {
    if (typed.length() > LONGEST) {
      return List.of();
    }
    record Near(String name, int distance) {}
    List<Near> near = new ArrayList<>();
    for (String name : names) {
      int distance = distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance <= typed.length() / 3 && name.length() <= LONGEST) {
        near.add(new Near(name, distance));
      }
    }
    near.sort(Comparator.comparingInt(Near::distance).thenComparing(Near::name));
    return near.stream().limit(limit).map(Near::name).toList();
  }

  /** Edits from one text to the other, a swap of neighbours counting as one. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        best = Math.min(best, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[a.length()][b.length()];
  }
}
