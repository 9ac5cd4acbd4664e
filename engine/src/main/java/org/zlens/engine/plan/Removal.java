package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * A vector that is taken away from what stands at one place of a clean run, and the places that are
 * looked at once all that follows is computed again.
 *
 * @param location where
 * @param row prompt
 * @param position which of its positions
 * @param vector what is taken away, heads joined: {@code [d]}
 * @param reads what is looked at
 */
public record Removal(Location location, int row, int position, float[] vector, List<Read> reads) {
  /**
   * A place whose vector is looked at.
   *
   * @param location a site that the removal comes before, with a vector at each position
   * @param position of the same prompt, from that of the removal on
   */
  public record Read(Location location, int position) {}

  /** Refuses reads that the removal cannot reach. */
  public Removal {
    reads = List.copyOf(reads);
    for (Read read : reads) {
      if (read.position < position || !isBefore(location, read.location)) {
        throw new IllegalArgumentException(
            read + " cannot change by what is removed at " + location + ", position " + position);
      }
    }
  }

  /** Whether a pass comes to one location before another. */
  public static boolean isBefore(Location location, Location later) {
    int one = order(location);
    int other = order(later);
    return one != other ? one < other : location.site().ordinal() < later.site().ordinal();
  }

  private static int order(Location location) {
    if (location.layer() >= 0) {
      return location.layer();
    }
    return location.site().ordinal() < Site.RESID_PRE.ordinal() ? -1 : Integer.MAX_VALUE;
  }

  /** The last position that is looked at. */
  int last() {
    return reads.stream().mapToInt(Read::position).max().orElse(position);
  }

  /** Whether nothing is taken away. */
  boolean isNothing() {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
