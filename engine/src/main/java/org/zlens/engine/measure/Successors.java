package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * What comes after a token in an order that everybody knows: numbers, number words, ordinals, days,
 * months and letters. Leading spaces and capitals do not matter, and all forms of the successor
 * that are single tokens are given.
 */
public final class Successors {
  private static final List<List<String>> ORDERS =
      List.of(
          List.of(
              "zero one two three four five six seven eight nine ten eleven twelve thirteen"
                  .split(" ")),
          List.of("first second third fourth fifth sixth seventh eighth ninth tenth".split(" ")),
          List.of("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ")),
          List.of(
              ("January February March April May June July August September October November"
                      + " December")
                  .split(" ")),
          List.of("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(" ")));

  private final Map<Integer, int[]> after = new HashMap<>();

  /** The successors among the tokens of a vocabulary. */
  public Successors(Tokenizer tokenizer) {
    Map<String, List<Integer>> forms = new HashMap<>();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      forms.computeIfAbsent(key(tokenizer.piece(id)), text -> new ArrayList<>()).add(id);
    }
    Map<String, String> next = new HashMap<>();
    for (List<String> order : ORDERS) {
      for (int i = 0; i + 1 < order.size(); i++) {
        next.put(key(order.get(i)), key(order.get(i + 1)));
      }
    }
    forms.forEach(
        (text, ids) -> {
          OptionalInt number = number(text);
          String successor =
              number.isPresent() ? Integer.toString(number.getAsInt() + 1) : next.get(text);
          if (successor != null && forms.containsKey(successor)) {
            int[] found = forms.get(successor).stream().mapToInt(Integer::intValue).toArray();
            ids.forEach(id -> after.put(id, found));
          }
        });
  }

  /** The tokens that come after one; none if it has no known place in an order. */
  public int[] of(int token) {
    return after.getOrDefault(token, new int[0]);
  }

  private static String key(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static OptionalInt number(String text) {
    return text.matches("[0-9]{1,6}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
