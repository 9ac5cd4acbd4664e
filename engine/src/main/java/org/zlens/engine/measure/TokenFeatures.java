package org.zlens.engine.measure;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Which features favour or oppose a token, or favour what comes after it in a known order. */
final class TokenFeatures {
  private static final int[] NONE = {};

  private final Map<Integer, int[]> favouring;
  private final Map<Integer, int[]> opposing;
  private final Map<Integer, int[]> continuing;

  TokenFeatures(FavouredTokens tokens, Successors successors, int vocabulary) {
    favouring = byToken(tokens.favoured());
    opposing = byToken(tokens.opposed());
    continuing = new HashMap<>();
    for (int token = 0; token < vocabulary; token++) {
      TreeSet<Integer> features = new TreeSet<>();
      for (int successor : successors.of(token)) {
        for (int feature : favouring(successor)) {
          features.add(feature);
        }
      }
      if (!features.isEmpty()) {
        continuing.put(token, features.stream().mapToInt(Integer::intValue).toArray());
      }
    }
  }

  private static Map<Integer, int[]> byToken(int[][] tokens) {
    Map<Integer, TreeSet<Integer>> sets = new HashMap<>();
    for (int feature = 0; feature < tokens.length; feature++) {
      for (int token : tokens[feature]) {
        sets.computeIfAbsent(token, t -> new TreeSet<>()).add(feature);
      }
    }
    Map<Integer, int[]> arrays = new HashMap<>();
    sets.forEach(
        (token, set) -> arrays.put(token, set.stream().mapToInt(Integer::intValue).toArray()));
    return arrays;
  }

  /** Features that favour a token. */
  int[] favouring(int token) {
    return favouring.getOrDefault(token, NONE);
  }

  /** Features that oppose a token. */
  int[] opposing(int token) {
    return opposing.getOrDefault(token, NONE);
  }

  /** Features that favour a token's successor. */
  int[] continuing(int token) {
    return continuing.getOrDefault(token, NONE);
  }
}
