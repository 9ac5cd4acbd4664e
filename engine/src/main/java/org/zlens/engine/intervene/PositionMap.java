package org.zlens.engine.intervene;

import java.util.List;

/**
 * Which position of another prompt stands for a place of a prompt.
 *
 * <p>Places are numbered as they were named: with {@code at S1 S2}, place 0 of a prompt is its S1.
 */
public interface PositionMap {
  /** No position of the other prompt stands for the place. */
  int NONE = -1;

  /** The position in the other prompt, or {@link #NONE}. */
  int position(int prompt, int place, int other);

  /** Equal for places that every prompt maps to the same position of each other prompt. */
  int key(int prompt, int place);

  /**
   * The places of the same number: each prompt's own S2 for each prompt's own S2.
   *
   * @param others positions of the other prompts, in the order in which the places were named
   */
  static PositionMap named(List<int[]> others) {
    return new PositionMap() {
      @Override
      public int position(int prompt, int place, int other) {
        int[] positions = others.get(other);
        return place < positions.length ? positions[place] : NONE;
      }

      @Override
      public int key(int prompt, int place) {
        return place;
      }
    };
  }

  /**
   * The positions of the same index, moved by an offset in tokens.
   *
   * @param places positions of the prompts
   * @param lengths number of tokens of each of the other prompts
   */
  static PositionMap shifted(List<int[]> places, int offset, int[] lengths) {
    return new PositionMap() {
      @Override
      public int position(int prompt, int place, int other) {
        int position = key(prompt, place);
        return position >= 0 && position < lengths[other] ? position : NONE;
      }

      @Override
      public int key(int prompt, int place) {
        return places.get(prompt)[place] + offset;
      }
    };
  }
}
