package org.zlens.engine.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What the cache has of a repository at one commit.
 *
 * @param references branches and tags that lead to it
 * @param files how many of the repository's files are there
 * @param bytes their sizes together
 * @param folder where they lie
 */
public record CachedRevision(
    Repository repository,
    String commit,
    List<String> references,
    int files,
    long bytes,
    Path folder) {
  /** Copies the list. */
  public CachedRevision {
    references = List.copyOf(references);
  }
}
