package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which positions of different prompts are one place: those of the same label, and those that lie
 * as far behind the same label. What lies before the first label is counted from the start.
 *
 * @param names a name for each place, such as {@code S2} or {@code S2+1}, in the order in which
 *     they stand in the prompts
 * @param places number of the place of each position of each prompt, {@code [prompt][position]}
 */
public record Alignment(List<String> names, List<int[]> places) {
  private static final String START = "START";

  /** Keeps the lists from changing. */
  public Alignment {
    names = List.copyOf(names);
    places = List.copyOf(places);
  }

  /** Places by labels. */
  public static Alignment byLabel(PromptSet prompts) {
    List<List<String>> named = prompts.prompts().stream().map(Alignment::named).toList();
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (List<String> one : named) {
      for (int position = 0; position < one.size(); position++) {
        double[] sum = sums.computeIfAbsent(one.get(position), name -> new double[2]);
        sum[0] += position;
        sum[1]++;
      }
    }
    List<String> order = new ArrayList<>(sums.keySet());
    order.sort(Comparator.comparingDouble(name -> sums.get(name)[0] / sums.get(name)[1]));
    Map<String, Integer> numbers = new LinkedHashMap<>();
    order.forEach(name -> numbers.put(name, numbers.size()));
    return new Alignment(
        order, named.stream().map(one -> one.stream().mapToInt(numbers::get).toArray()).toList());
  }

  /** All positions of all prompts as one place. */
  public static Alignment together(PromptSet prompts) {
    return new Alignment(
        List.of("anywhere"),
        prompts.prompts().stream().map(prompt -> new int[prompt.tokens().size()]).toList());
  }

  private static List<String> named(Prompt prompt) {
    List<String> names = new ArrayList<>();
    String last = START;
    int since = 0;
    for (int position = 0; position <= prompt.end(); position++) {
      String label = prompt.positions().labelAt(position).orElse(null);
      if (label == null && position == prompt.end()) {
        label = Positions.END;
      }
      if (label != null) {
        last = label;
        since = position;
      }
      names.add(position == since ? last : last + "+" + (position - since));
    }
    return names;
  }

  /** The place of a position. */
  public int place(int prompt, int position) {
    return places.get(prompt)[position];
  }

  /** The name of the place of a position. */
  public String name(int prompt, int position) {
    return names.get(place(prompt, position));
  }

  /** The first position of a prompt that is at a place, -1 if it has none. */
  public int position(int prompt, int place) {
    int[] all = places.get(prompt);
    for (int position = 0; position < all.length; position++) {
      if (all[position] == place) {
        return position;
      }
    }
    return -1;
  }

  /** The same places, but for positions that are not listed, which have the number -1. */
  public Alignment only(List<int[]> positions) {
    List<int[]> kept = new ArrayList<>();
    for (int prompt = 0; prompt < places.size(); prompt++) {
      int[] some = new int[places.get(prompt).length];
      Arrays.fill(some, -1);
      for (int position : positions.get(prompt)) {
        some[position] = place(prompt, position);
      }
      kept.add(some);
    }
    return new Alignment(names, kept);
  }

  /**
   * The same, but one position of each prompt is one place in all of them, whatever its label.
   *
   * @param name of that place, if it is none yet
   * @param positions -1 in a prompt that has no such position
   */
  public Alignment joining(String name, int[] positions) {
    int[] found =
        IntStream.range(0, positions.length)
            .filter(prompt -> positions[prompt] >= 0)
            .map(prompt -> place(prompt, positions[prompt]))
            .distinct()
            .toArray();
    if (found.length == 1) {
      return this;
    }
    List<String> more = new ArrayList<>(names);
    more.add(name);
    List<int[]> joined = new ArrayList<>();
    for (int prompt = 0; prompt < places.size(); prompt++) {
      int[] own = places.get(prompt).clone();
      if (positions[prompt] >= 0) {
        own[positions[prompt]] = names.size();
      }
      joined.add(own);
    }
    return new Alignment(more, joined);
  }

  /** The same without places that no position is at. */
  public Alignment compact() {
    int[] number = new int[names.size()];
    Arrays.fill(number, -1);
    List<String> used = new ArrayList<>();
    for (int[] each : places) {
      for (int place : each) {
        if (place >= 0) {
          number[place] = 0;
        }
      }
    }
    for (int place = 0; place < number.length; place++) {
      if (number[place] == 0) {
        number[place] = used.size();
        used.add(names.get(place));
      }
    }
    return new Alignment(
        used,
        places.stream()
            .map(each -> Arrays.stream(each).map(p -> p < 0 ? -1 : number[p]).toArray())
            .toList());
  }
}
