package org.zlens.engine.hub;

import java.util.Set;

/** Chooses among the files of a repository. */
@FunctionalInterface
public interface Selection {
  /**
   * Chooses.
   *
   * @param names paths of the files that there are, on the hub or in the cache
   */
  Choice of(Set<String> names);
}
