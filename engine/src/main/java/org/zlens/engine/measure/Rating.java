package org.zlens.engine.measure;

import java.util.Optional;

/**
 * What a person said of one feature.
 *
 * @param feature its address, such as {@code L2.F417}
 * @param verdict empty if it was not rated
 * @param explanation in the person's own words, or an empty text
 */
public record Rating(String feature, Optional<Verdict> verdict, String explanation) {
  /** Characters of the longest explanation. */
  public static final int LONGEST = 2_000;

  /** A feature that is yet to be rated. */
  public static Rating blank(String feature) {
    return new Rating(feature, Optional.empty(), "");
  }
}
