package org.zlens.engine.plan;

import java.util.List;
import java.util.Set;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Start;

/**
 * What an intervention reaches: from where on a pass differs, and at which positions of each
 * prompt.
 *
 * @param start the latest point before which nothing differs
 * @param last the last block that it touches; the number of blocks where that is after them
 * @param stays whether the block of the start changes at the touched positions only
 * @param together whether several of its edits may meet, so that prompts stay in one pass as far as
 *     may be
 * @param locations those that it touches
 * @param touched the positions that it touches, over all locations
 * @param atStart the positions that it touches in the block of the start
 */
record Reach(
    Start start,
    int last,
    boolean stays,
    boolean together,
    Set<Location> locations,
    List<Span> touched,
    List<Span> atStart) {

  /** Positions of a prompt from the first to the last; none if the last lies before the first. */
  record Span(int first, int last) {
    static final Span NONE = new Span(0, -1);

    boolean isNone() {
      return last < first;
    }

    int width() {
      return last - first + 1;
    }

    Span with(int position) {
      return isNone()
          ? new Span(position, position)
          : new Span(Math.min(first, position), Math.max(last, position));
    }
  }
}
