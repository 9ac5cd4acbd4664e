package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * The part of a run that is run again, under other edits, beside what a clean run left: all rows
 * start at one point, first with the positions that the edits touch, then with all that can change.
 *
 * @param start where
 * @param touched the positions that are computed in the block of the start
 * @param reached the positions that are computed in the blocks after it; equal to the touched ones,
 *     or they lie in it
 * @param read the positions that are computed in the last block after its keys and values; equal to
 *     the reached ones, or they lie in them
 * @param last the last block that runs; the number of blocks if the final norm follows
 * @param stop how much of that block runs
 */
public record Rerun(Start start, Window touched, Window reached, Window read, int last, Stop stop) {
  /** Points of the last block at which a pass can end. */
  public enum Stop {
    /** The stream that comes to it. */
    STREAM,
    /** What its attention mixed. */
    MIXED,
    /** All of it, and the final norm where that follows. */
    NONE
  }

  /** A pass that ends with a whole block, or the final norm. */
  public Rerun(Start start, Window touched, Window reached, Window read, int last) {
    this(start, touched, reached, read, last, Stop.NONE);
  }

  /** Checks that the windows lie in each other. */
  public Rerun {
    if (!touched.isIn(reached) || !read.isIn(reached)) {
      throw new IllegalArgumentException("windows that do not lie in each other");
    }
  }

  /** Values of the clean run that such a pass needs. */
  public static List<Location> needs(Start start, int last, ModelConfig config) {
    int layers = config.layers();
    List<Location> needs = new ArrayList<>();
    switch (start.entry()) {
      case MIXED -> {
        needs.add(Location.of(Site.RESID_PRE, start.layer()));
        needs.add(Location.of(Site.Z, start.layer()));
      }
      case MIDDLE -> {
        if (config.has(Site.RESID_MID)) {
          needs.add(Location.of(Site.RESID_MID, start.layer()));
        } else {
          needs.add(Location.of(Site.RESID_PRE, start.layer()));
          needs.add(Location.of(Site.ATTN_OUT, start.layer()));
        }
      }
      default -> {
        if (start.layer() > 0) {
          needs.add(Location.of(Site.RESID_POST, start.layer() - 1));
        }
      }
    }
    if (start.layer() < Math.min(last, layers - 1)) {
      needs.add(Location.of(Site.RESID_POST, start.layer()));
    }
    for (int layer = start.firstAttention(); layer <= Math.min(last, layers - 1); layer++) {
      needs.add(Location.of(config.keySite(), layer));
      needs.add(Location.of(Site.V, layer));
    }
    return needs;
  }

  /** How much of a block runs. */
  public Stop stopAt(int layer) {
    return layer == last ? stop : Stop.NONE;
  }

  /** The positions at which a location is computed. */
  public Window at(Location location, int layers) {
    if (location.site().ordinal() > Site.RESID_POST.ordinal()) {
      return end(layers);
    }
    return location.layer() <= start.layer() ? touched : reached;
  }

  /** The positions that the final norm sees. */
  public Window end(int layers) {
    if (start.layer() >= layers) {
      return touched;
    }
    if (start.firstAttention() < layers) {
      return read;
    }
    return touched;
  }
}
