package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Tensor;

/**
 * For each place of the prompts, the places that its new values are the mean of: one of another
 * prompt for a patch, its own for a freeze, many for a mean.
 *
 * <p>Prompts go by their number in their set, so that any part of the set can run.
 */
public final class Counterparts {
  private static final int NONE = -1;

  /** Group of each position of each prompt. */
  private final List<int[]> groupAt;

  /** Group of the positions of each prompt that are not listed. */
  private final int[] rest;

  private final List<Cells> groups;

  private Counterparts(List<int[]> groupAt, int[] rest, List<Cells> groups) {
    this.groupAt = groupAt;
    this.rest = rest;
    this.groups = groups;
  }

  /** Each place stands for itself, in a pass over the same prompts. */
  public static Counterparts own(List<int[]> places) {
    int[] self = new int[places.size()];
    Arrays.setAll(self, prompt -> prompt);
    return paired(places, self, PositionMap.named(places));
  }

  /**
   * One place of one other prompt for each.
   *
   * @param places positions of each prompt, as they were named
   * @param partners number of the other prompt for each prompt
   * @throws ZlensException if the other prompt lacks a position
   */
  public static Counterparts paired(List<int[]> places, int[] partners, PositionMap map) {
    Builder builder = new Builder(places);
    for (int prompt = 0; prompt < places.size(); prompt++) {
      for (int place = 0; place < places.get(prompt).length; place++) {
        int position = map.position(prompt, place, partners[prompt]);
        if (position == PositionMap.NONE) {
          throw new ZlensException(
              Kind.RUNTIME,
              "prompt "
                  + partners[prompt]
                  + ", from which prompt "
                  + prompt
                  + " takes values, has no position "
                  + map.key(prompt, place),
              "name the places by labels, which each prompt has its own of");
        }
        builder.add(prompt, place, new int[] {partners[prompt]}, new int[] {position});
      }
    }
    return builder.build();
  }

  /**
   * The mean over other prompts, place by place: over those of them that have the position.
   *
   * @param partners numbers of the other prompts for each prompt; equal arrays should be the same
   * @throws ZlensException if none of them has a position
   */
  public static Counterparts mean(List<int[]> places, List<int[]> partners, PositionMap map) {
    Builder builder = new Builder(places);
    Map<int[], Map<Integer, Integer>> made = new IdentityHashMap<>();
    for (int prompt = 0; prompt < places.size(); prompt++) {
      int[] others = partners.get(prompt);
      Map<Integer, Integer> byKey = made.computeIfAbsent(others, some -> new HashMap<>());
      for (int place = 0; place < places.get(prompt).length; place++) {
        Integer group = byKey.get(map.key(prompt, place));
        if (group == null) {
          group = builder.group(cells(prompt, place, others, map));
          byKey.put(map.key(prompt, place), group);
        }
        builder.put(prompt, place, group);
      }
    }
    return builder.build();
  }

  private static Cells cells(int prompt, int place, int[] others, PositionMap map) {
    int[] has =
        Arrays.stream(others)
            .filter(other -> map.position(prompt, place, other) != PositionMap.NONE)
            .toArray();
    if (has.length == 0) {
      throw new ZlensException(
          Kind.RUNTIME,
          "no prompt has a position " + map.key(prompt, place) + " to take the mean of",
          "leave out 'position', or name the places by labels");
    }
    return cells(has, Arrays.stream(has).map(o -> map.position(prompt, place, o)).toArray());
  }

  /**
   * One mean over all listed positions of other prompts, for all places of a prompt, also for those
   * that it does not list.
   *
   * @param partners numbers of the other prompts for each prompt; equal arrays should be the same
   * @param from positions of each of the other prompts
   */
  public static Counterparts meanOfAll(List<int[]> partners, List<int[]> from) {
    Map<int[], Integer> made = new IdentityHashMap<>();
    List<Cells> groups = new ArrayList<>();
    int[] rest = new int[partners.size()];
    for (int prompt = 0; prompt < rest.length; prompt++) {
      rest[prompt] =
          made.computeIfAbsent(
              partners.get(prompt),
              others -> {
                List<int[]> some = Arrays.stream(others).mapToObj(from::get).toList();
                groups.add(
                    cells(
                        repeat(others, some),
                        some.stream().flatMapToInt(Arrays::stream).toArray()));
                return groups.size() - 1;
              });
    }
    return new Counterparts(
        Collections.nCopies(rest.length, new int[0]), rest, List.copyOf(groups));
  }

  /**
   * One mean over all listed positions of the prompts themselves.
   *
   * @param positions of each prompt
   */
  public static Counterparts meanOfAll(List<int[]> positions) {
    int[] all = new int[positions.size()];
    Arrays.setAll(all, prompt -> prompt);
    return meanOfAll(Collections.nCopies(all.length, all), positions);
  }

  private static int[] repeat(int[] others, List<int[]> positions) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < others.length; i++) {
      for (int j = 0; j < positions.get(i).length; j++) {
        all.add(others[i]);
      }
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Draws another prompt of the set for each prompt, never itself.
   *
   * @param kinds what each prompt is, of which both must be the same; null where it does not matter
   * @throws ZlensException if a prompt has no other that has its places
   */
  public static int[] draw(List<int[]> places, PositionMap map, List<String> kinds, long seed) {
    return draw(places, map, places.size(), kinds, kinds, true, seed);
  }

  /**
   * Draws a prompt of another set for each prompt.
   *
   * @param others number of prompts in the other set
   * @param kinds what each prompt is, of which both must be the same; null where it does not matter
   * @param kindsThere what each prompt of the other set is; null where it does not matter
   * @throws ZlensException if no prompt there has the places of a prompt
   */
  public static int[] draw(
      List<int[]> places,
      PositionMap map,
      int others,
      List<String> kinds,
      List<String> kindsThere,
      long seed) {
    return draw(places, map, others, kinds, kindsThere, false, seed);
  }

  private static int[] draw(
      List<int[]> places,
      PositionMap map,
      int count,
      List<String> kinds,
      List<String> kindsThere,
      boolean same,
      long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] partners = new int[places.size()];
    for (int prompt = 0; prompt < partners.length; prompt++) {
      List<Integer> others = new ArrayList<>();
      for (int other = 0; other < count; other++) {
        boolean alike = kinds == null || kindsThere.get(other).equals(kinds.get(prompt));
        if (!(same && other == prompt) && alike && has(places, map, prompt, other)) {
          others.add(other);
        }
      }
      if (others.isEmpty()) {
        throw new ZlensException(
            Kind.RUNTIME,
            "no other prompt"
                + (kinds == null ? "" : " of the kind '" + kinds.get(prompt) + "'")
                + " has the places of prompt "
                + prompt
                + " to take values from",
            "more prompts, or places by labels, which each prompt has its own of");
      }
      partners[prompt] = others.get(random.nextInt(others.size()));
    }
    return partners;
  }

  private static boolean has(List<int[]> places, PositionMap map, int prompt, int other) {
    for (int place = 0; place < places.get(prompt).length; place++) {
      if (map.position(prompt, place, other) == PositionMap.NONE) {
        return false;
      }
    }
    return true;
  }

  private static Cells cells(int[] prompts, int[] positions) {
    return new Cells(
        Arrays.stream(prompts).asLongStream().toArray(),
        Arrays.stream(positions).asLongStream().toArray());
  }

  /**
   * The new values of places.
   *
   * @param source values of the other pass by place, of all its prompts, {@code [prompt, pos, ..]}
   * @param places listed places of a batch
   * @return {@code [place, ..]}
   * @throws ZlensException if a place has no counterpart
   */
  Tensor values(Tensor source, Cells places, Batch batch) {
    TreeMap<Integer, Integer> index = new TreeMap<>();
    int[] wanted = new int[places.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = group(batch, places, i);
      index.put(wanted[i], 0);
    }
    List<Cells> used = new ArrayList<>();
    index.replaceAll(
        (group, old) -> {
          used.add(groups.get(group));
          return used.size() - 1;
        });
    long[] each = Arrays.stream(wanted).mapToLong(index::get).toArray();
    return means(source, used).indexSelect(0, each);
  }

  /** Whether every place of a batch takes values from the same positions alone. */
  boolean keepsPositions(Cells places, Batch batch) {
    for (int i = 0; i < places.size(); i++) {
      int position = position(batch, places, i);
      if (Arrays.stream(groups.get(group(batch, places, i)).position())
          .anyMatch(from -> from != position)) {
        return false;
      }
    }
    return true;
  }

  private static int position(Batch batch, Cells places, int i) {
    return batch.offset((int) places.row()[i]) + (int) places.position()[i];
  }

  private int group(Batch batch, Cells places, int i) {
    int prompt = batch.prompt((int) places.row()[i]);
    int position = position(batch, places, i);
    if (prompt >= groupAt.size()) {
      throw new IllegalArgumentException("values for " + groupAt.size() + " prompts alone");
    }
    int[] groupsOfPrompt = groupAt.get(prompt);
    int group = position < groupsOfPrompt.length ? groupsOfPrompt[position] : NONE;
    group = group == NONE ? rest[prompt] : group;
    if (group == NONE) {
      throw new ZlensException(
          Kind.RUNTIME,
          "position " + position + " of prompt " + prompt + " has no counterpart to take values of",
          "new tokens have none but in a mean over all positions");
    }
    return group;
  }

  /** The mean of each group, {@code [group, ..]}. */
  private static Tensor means(Tensor source, List<Cells> groups) {
    int count = groups.stream().mapToInt(Cells::size).sum();
    long[] rows = groups.stream().flatMapToLong(cells -> Arrays.stream(cells.row())).toArray();
    long[] positions =
        groups.stream().flatMapToLong(cells -> Arrays.stream(cells.position())).toArray();
    Tensor members = new Cells(rows, positions).take(source);
    if (count == groups.size()) {
      return members;
    }
    float[] weights = new float[groups.size() * count];
    int at = 0;
    for (int group = 0; group < groups.size(); group++) {
      int size = groups.get(group).size();
      Arrays.fill(weights, group * count + at, group * count + at + size, 1f / size);
      at += size;
    }
    long[] shape = members.shape();
    shape[0] = groups.size();
    return Tensor.of(weights, groups.size(), count)
        .matmul(members.reshape(count, -1))
        .reshape(shape);
  }

  /** Which places stand for which, as text that tells two apart. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("counterparts");
    groupAt.forEach(each -> text.append(' ').append(Arrays.toString(each)));
    text.append(' ').append(Arrays.toString(rest));
    for (Cells group : groups) {
      text.append(' ').append(Arrays.toString(group.row()));
      text.append('@').append(Arrays.toString(group.position()));
    }
    return text.toString();
  }

  private static final class Builder {
    private final List<int[]> places;
    private final List<int[]> groupAt = new ArrayList<>();
    private final List<Cells> groups = new ArrayList<>();

    Builder(List<int[]> places) {
      this.places = places;
      for (int[] positions : places) {
        int[] none = new int[Arrays.stream(positions).max().orElse(-1) + 1];
        Arrays.fill(none, NONE);
        groupAt.add(none);
      }
    }

    int group(Cells cells) {
      groups.add(cells);
      return groups.size() - 1;
    }

    void add(int prompt, int place, int[] prompts, int[] positions) {
      put(prompt, place, group(cells(prompts, positions)));
    }

    /** Where two names mean one place, what was said first counts. */
    void put(int prompt, int place, int group) {
      int[] at = groupAt.get(prompt);
      int position = places.get(prompt)[place];
      if (at[position] == NONE) {
        at[position] = group;
      }
    }

    Counterparts build() {
      int[] rest = new int[places.size()];
      Arrays.fill(rest, NONE);
      return new Counterparts(List.copyOf(groupAt), rest, List.copyOf(groups));
    }
  }
}
