package org.zlens.engine.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Named positions of one prompt, such as S2, in the order in which they were named.
 *
 * <p>{@link #END} needs no entry: it is the last position of every prompt.
 *
 * @param labels label to position, counted from 0 with the beginning-of-text token
 */
public record Positions(Map<String, Integer> labels) {
  /** The label of the last position. */
  public static final String END = "END";

  /** A prompt without labels. */
  public static final Positions NONE = new Positions(Map.of());

  public Positions {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    if (labels.containsKey(END)) {
      throw new ZlensException(
          Kind.NAME, "the label END cannot be set", "END is the last position of every prompt");
    }
  }

  /** These labels and one more, or with one of them moved. */
  public Positions with(String label, int position) {
    Map<String, Integer> more = new LinkedHashMap<>(labels);
    more.put(label, position);
    return new Positions(more);
  }

  /** The position of a label, if it has one. */
  public OptionalInt find(String label) {
    Integer position = labels.get(label);
    return position == null ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /** The first label of a position, if it has one. */
  public Optional<String> labelAt(int position) {
    return labels.entrySet().stream()
        .filter(label -> label.getValue() == position)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** These labels where text of some tokens was put in front of a position. */
  Positions shifted(int from, int by) {
    Map<String, Integer> shifted = new LinkedHashMap<>();
    labels.forEach((label, at) -> shifted.put(label, at < from ? at : at + by));
    return new Positions(shifted);
  }
}
