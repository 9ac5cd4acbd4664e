package org.zlens.engine.model;

import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * Where a pass starts that runs a part of another again.
 *
 * @param layer the block; the number of blocks where none runs again
 * @param entry which part of the block comes first
 */
public record Start(int layer, Entry entry) implements Comparable<Start> {
  /** Points of a block at which a pass can start. */
  public enum Entry {
    /** Its input; of the first block, the embeddings. */
    BLOCK,
    /** What attention mixed: the output of attention and all that follows. */
    MIXED,
    /** The stream between attention and the MLP, or what adds up to it. */
    MIDDLE
  }

  /** The latest start before a location. */
  public static Start before(Location location, int layers) {
    return switch (location.site()) {
      case EMBED, POS_EMBED -> new Start(0, Entry.BLOCK);
      case FINAL_SCALE, FINAL_NORMALIZED -> new Start(layers, Entry.BLOCK);
      case Z, RESULT, LN1_POST_SCALE, LN1_POST_NORMALIZED, ATTN_OUT ->
          new Start(location.layer(), Entry.MIXED);
      case RESID_MID,
          MLP_IN,
          LN2_SCALE,
          LN2_NORMALIZED,
          PRE,
          PRE_LINEAR,
          POST,
          LN2_POST_SCALE,
          LN2_POST_NORMALIZED,
          MLP_OUT,
          RESID_POST ->
          new Start(location.layer(), Entry.MIDDLE);
      default -> new Start(location.layer(), Entry.BLOCK);
    };
  }

  /**
   * Whether a change at a location stays at its positions until the next block's attention: keys
   * and values are none of those.
   */
  public static boolean staysAtItsPositions(Location location) {
    return switch (location.site()) {
      case Q_INPUT, Q, ROT_Q, ATTN_SCORES, PATTERN -> true;
      default ->
          before(location, Integer.MAX_VALUE).entry() != Entry.BLOCK
              || location.site().ordinal() > Site.RESID_POST.ordinal();
    };
  }

  /** The block's beginning. */
  public Start ofBlock() {
    return new Start(layer, Entry.BLOCK);
  }

  /** The first block whose attention runs again. */
  public int firstAttention() {
    return entry == Entry.BLOCK ? layer : layer + 1;
  }

  @Override
  public int compareTo(Start other) {
    int layers = Integer.compare(layer, other.layer);
    return layers != 0 ? layers : entry.compareTo(other.entry);
  }
}
