package org.zlens.dsl.command.builtin;

/** What pages are wanted of the features of one SAE. */
sealed interface DashboardTarget {
  /** The page of one feature. */
  record OfFeature(int feature) implements DashboardTarget {}

  /** One page of the features with the largest share of a head. */
  record OfHead(int layer, int head) implements DashboardTarget {}

  /** A page for each feature. */
  record Every() implements DashboardTarget {}
}
