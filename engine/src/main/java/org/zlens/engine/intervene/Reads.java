package org.zlens.engine.intervene;

/**
 * Which logits a metric reads, so that no others need be computed.
 *
 * @param cells places in a batch, each listed
 * @param columns how many tokens' logits it reads at each place; 0 for those of all tokens
 */
public record Reads(Cells cells, int columns) {
  /** Refuses places that are not listed. */
  public Reads {
    if (cells.isWhole() || columns < 0) {
      throw new IllegalArgumentException("a metric lists the places that it reads");
    }
  }

  /** All logits at some places. */
  public static Reads all(Cells cells) {
    return new Reads(cells, 0);
  }
}
