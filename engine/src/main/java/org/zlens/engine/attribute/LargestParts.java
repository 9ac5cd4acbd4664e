package org.zlens.engine.attribute;

import java.util.Comparator;
import java.util.List;
import org.zlens.engine.attribute.Explained.Way;

/**
 * Follows the largest rows of a split: of sources so many, however small; of parts of the stream
 * those that can be followed and are large enough.
 */
record LargestParts(TreeOptions options) implements TreeChoice {
  @Override
  public List<Contribution> of(TreeTrail at, Way way, Attribution split, double reference) {
    return split.rows().stream()
        .filter(r -> follows(way, r.part()))
        .sorted(Comparator.comparingDouble((Contribution r) -> size(r.contribution())).reversed())
        .limit(options.width())
        .filter(r -> isEnough(way, r.contribution(), r.share()))
        .toList();
  }

  /** Whether rows of a part can be followed. */
  boolean follows(Way way, Part part) {
    return way == Way.SOURCES ? part == Part.SOURCE : options.follows(part);
  }

  /** Whether a row among the largest is large enough. */
  boolean isEnough(Way way, double contribution, double share) {
    return way == Way.SOURCES || size(contribution) > 0 && Math.abs(share) >= options.threshold();
  }

  /** By what rows are ranked: what they add, or as much as they take away. */
  double size(double contribution) {
    return options.signed() ? Math.abs(contribution) : contribution;
  }
}
