package org.zlens.engine.model;

import java.util.List;

/**
 * How scores come of queries and keys: {@code cap * tanh(q . k * scale / cap)}, minus infinity for
 * keys that are out of sight.
 *
 * @param scale most often one over the root of d_head
 * @param softCap zero where there is none
 * @param reaches for each block how many positions a query sees, itself included, 0 for all; an
 *     empty list if all blocks see all
 */
public record AttentionRules(double scale, double softCap, List<Integer> reaches) {
  /** Keeps the list from changing. */
  public AttentionRules {
    reaches = List.copyOf(reaches);
    if (!(scale > 0) || !(softCap >= 0) || reaches.stream().anyMatch(reach -> reach < 0)) {
      throw new IllegalArgumentException("scale " + scale + ", cap " + softCap + ", " + reaches);
    }
  }

  /** The rules of most models. */
  public static AttentionRules plain(int dHead) {
    return new AttentionRules(1 / Math.sqrt(dHead), 0, List.of());
  }

  /** How many positions a query of a block sees, itself included; 0 for all. */
  public int reach(int layer) {
    return reaches.isEmpty() ? 0 : reaches.get(layer);
  }
}
