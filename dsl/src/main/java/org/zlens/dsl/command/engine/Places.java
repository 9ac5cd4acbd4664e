package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.intervene.PositionMap;
import org.zlens.engine.intervene.Where;

/**
 * Positions as a script writes them, and where they lie in each prompt.
 *
 * <p>A position that a prompt lacks is an error that says what the prompt has: with several prompts
 * it names the first that lacks it.
 */
public final class Places {
  private final String text;
  private final boolean everywhere;
  private final List<int[]> rows;
  private final List<Position> named;
  private final PromptSet prompts;

  private Places(
      String text, boolean everywhere, List<int[]> rows, List<Position> named, PromptSet prompts) {
    this.text = text;
    this.everywhere = everywhere;
    this.rows = rows;
    this.named = List.copyOf(named);
    this.prompts = prompts;
  }

  /** Every token of every prompt. */
  public static Places everywhere(PromptSet prompts) {
    return of(prompts, List.of(new Position.All()));
  }

  /** The last token of each prompt. */
  public static Places end(PromptSet prompts) {
    return of(prompts, List.of(new Position.End(0)));
  }

  /** Some positions in each prompt, the union where several are written. */
  public static Places of(PromptSet prompts, List<Position> positions) {
    String text = positions.stream().map(Position::text).collect(Collectors.joining(", "));
    if (positions.stream().anyMatch(Position.All.class::isInstance)) {
      return new Places("ALL", true, all(prompts), positions, prompts);
    }
    List<List<int[]>> each = positions.stream().map(one -> several(prompts, one)).toList();
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      int at = row;
      rows.add(
          each.stream()
              .flatMapToInt(one -> Arrays.stream(one.get(at)))
              .sorted()
              .distinct()
              .toArray());
    }
    return new Places(text, false, rows, positions, prompts);
  }

  /** The positions that one that is written has in each prompt. */
  private static List<int[]> several(PromptSet prompts, Position position) {
    if (!(position instanceof Position.Any any)) {
      return Arrays.stream(resolve(prompts, position)).mapToObj(at -> new int[] {at}).toList();
    }
    int[] union = Arrays.stream(resolve(prompts, any.of())).sorted().distinct().toArray();
    return prompts.prompts().stream()
        .map(prompt -> Arrays.stream(union).filter(at -> at <= prompt.end()).toArray())
        .toList();
  }

  /**
   * The positions of each prompt in the order in which they are written, each prompt's own; in
   * ascending order where they are the same numbers in all prompts, as with {@code ALL}.
   */
  public List<int[]> inOrder() {
    return isByNumber() ? rows() : inOrder(prompts, named);
  }

  private static List<int[]> inOrder(PromptSet prompts, List<Position> named) {
    List<int[]> each = named.stream().map(position -> resolve(prompts, position)).toList();
    return IntStream.range(0, prompts.size())
        .mapToObj(row -> each.stream().mapToInt(one -> one[row]).toArray())
        .toList();
  }

  private boolean isByNumber() {
    return everywhere || named.stream().anyMatch(Position.Any.class::isInstance);
  }

  /**
   * Which places of other prompts stand for these, as {@link #inOrder} has them: their own of the
   * same label, or else the same number.
   *
   * @param offset tokens to go on from there
   */
  public PositionMap in(PromptSet others, int offset) {
    int[] lengths = others.prompts().stream().mapToInt(one -> one.tokens().size()).toArray();
    return isByNumber()
        ? PositionMap.shifted(inOrder(), offset, lengths)
        : map(others, named, offset);
  }

  /** Which places of other prompts stand for these, written by themselves. */
  public PositionMap in(PromptSet others, List<Position> there, int offset) {
    if (isByNumber() || there.size() != named.size()) {
      throw new ZlensException(
          Kind.TYPE,
          there.size()
              + (there.size() == 1 ? " position" : " positions")
              + " there cannot stand for "
              + text
              + " here",
          "as many positions there as here, each such as S2 or END");
    }
    return map(others, there, offset);
  }

  private static PositionMap map(PromptSet others, List<Position> there, int offset) {
    List<int[]> rows = inOrder(others, there);
    for (int prompt = 0; prompt < rows.size(); prompt++) {
      int end = others.prompts().get(prompt).end();
      int[] row = rows.get(prompt);
      for (int place = 0; place < row.length; place++) {
        row[place] += offset;
        if (row[place] < 0 || row[place] > end) {
          throw new ZlensException(
              Kind.NAME,
              "position "
                  + row[place]
                  + " is outside prompt "
                  + prompt
                  + " of '"
                  + others.name()
                  + "'",
              "its positions run from 0 to " + end);
        }
      }
    }
    return PositionMap.named(rows);
  }

  /**
   * The positions that an argument names, its errors pointing at it; those of the fallback if it
   * was left out.
   */
  public static Places of(
      PromptSet prompts,
      Arguments arguments,
      Parameter<List<Position>> parameter,
      Position fallback) {
    if (!arguments.has(parameter)) {
      return of(prompts, List.of(fallback));
    }
    try {
      return of(prompts, arguments.get(parameter));
    } catch (ZlensException e) {
      throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
    }
  }

  /**
   * As {@link #of(PromptSet, Arguments, Parameter, Position)}, for verbs that take one position.
   */
  public static Places ofOne(
      PromptSet prompts, Arguments arguments, Parameter<Position> parameter, Position fallback) {
    Position position = arguments.find(parameter).orElse(fallback);
    try {
      return of(prompts, List.of(position));
    } catch (ZlensException e) {
      throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** How a script writes them: {@code S2}, or {@code S1, S2}. */
  public String text() {
    return text;
  }

  /** Whether it is every token. */
  public boolean isEverywhere() {
    return everywhere;
  }

  /** The positions of each prompt in ascending order. */
  public List<int[]> rows() {
    return rows.stream().map(int[]::clone).toList();
  }

  /** The positions as interventions take them. */
  public Where where() {
    return everywhere ? Where.everywhere() : Where.rows(rows);
  }

  /** The one position of each prompt; an exception of kind TYPE where there are more. */
  public int[] single() {
    for (int[] row : rows) {
      if (row.length != 1) {
        throw new ZlensException(
            Kind.TYPE, "expected one position, found " + text, "such as at END");
      }
    }
    return rows.stream().mapToInt(row -> row[0]).toArray();
  }

  private static List<int[]> all(PromptSet prompts) {
    return prompts.prompts().stream()
        .map(prompt -> IntStream.range(0, prompt.tokens().size()).toArray())
        .toList();
  }

  private static int[] resolve(PromptSet prompts, Position position) {
    if (position instanceof Position.Label label) {
      return prompts.positions(label.name(), label.offset());
    } else if (position instanceof Position.End end) {
      return prompts.positions("END", end.offset());
    } else if (position instanceof Position.Occurrence occurrence) {
      int[] found = prompts.occurrences(occurrence.word(), occurrence.number());
      return within(prompts, position, Arrays.stream(found).map(at -> at + occurrence.offset()));
    } else if (position instanceof Position.Index index) {
      return within(prompts, position, IntStream.generate(index::index).limit(prompts.size()));
    }
    throw new ZlensException(Kind.TYPE, position.text() + " is no single position", null);
  }

  private static int[] within(PromptSet prompts, Position position, IntStream found) {
    int[] places = found.toArray();
    for (int row = 0; row < places.length; row++) {
      Prompt prompt = prompts.prompts().get(row);
      if (places[row] < 0 || places[row] > prompt.end()) {
        String which =
            prompts.size() == 1 ? "the prompt" : "prompt " + row + " of '" + prompts.name() + "'";
        throw new ZlensException(
            Kind.NAME,
            "no position "
                + (position instanceof Position.Index
                    ? position.text()
                    : Quoted.of(position.text()) + " (" + places[row] + ")")
                + " in "
                + which
                + ", which has "
                + prompt.tokens().size()
                + " tokens",
            "positions run from 0 to " + prompt.end());
      }
    }
    return places;
  }
}
