package org.zlens.engine.plan;

import java.util.List;

/**
 * Prompts whose clean run is kept at a time, and the passes beside it.
 *
 * @param first number of the first prompt
 * @param end the number after that of the last
 */
public record Chunk(int first, int end, List<Round> rounds) {
  /** Keeps the rounds from changing. */
  public Chunk {
    rounds = List.copyOf(rounds);
  }

  /** Number of prompts. */
  public int size() {
    return end - first;
  }
}
