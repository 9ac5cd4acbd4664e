package org.zlens.engine.dashboard;

/** Which of two places of a group is kept where there is room for one alone. */
@FunctionalInterface
interface Preference {
  /** The strongest, of equals the first in the text. */
  Preference STRONGEST =
      (group, place, activation, otherPlace, otherActivation) ->
          activation > otherActivation || activation == otherActivation && place < otherPlace;

  /** Whether the first is the one. */
  boolean prefers(int group, long place, float activation, long otherPlace, float otherActivation);

  /**
   * The one with the lower lot, which is a fair sample.
   *
   * @param groups groups of a feature that draw the same lot for a place
   */
  static Preference drawn(long seed, int groups) {
    return (group, place, activation, otherPlace, otherActivation) -> {
      long own = Lot.mix(seed + group / groups);
      return Long.compareUnsigned(Lot.of(own, place), Lot.of(own, otherPlace)) < 0;
    };
  }
}
