package org.zlens.engine.io;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names in error messages, and the name that was probably meant. */
public final class Names {
  private static final int MOST = 12;

  private Names() {}

  /** The names in quotes, the first dozen of them. */
  public static String list(Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String text =
        names.stream().limit(MOST).map(DataFault::quote).collect(Collectors.joining(", "));
    return names.size() > MOST ? text + " and " + (names.size() - MOST) + " more" : text;
  }

  /** The nearest known name if it is near (a third of the length at most), else null. */
  public static String nearest(String name, Collection<String> known) {
    String best = null;
    int least = Math.max(1, name.length() / 3) + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - name.length()) < least) {
        int distance = distance(name, candidate);
        if (distance < least) {
          least = distance;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(diagonal, row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
