package org.zlens.engine.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * Files of a repository at one commit, in the cache.
 *
 * @param revision as it was asked for
 * @param folder where the files lie by their paths in the repository
 * @param files the paths of those that were asked for
 */
public record Snapshot(
    Repository repository, String revision, String commit, Path folder, List<String> files) {
  /** Copies the list. */
  public Snapshot {
    files = List.copyOf(files);
  }

  /** Where a file or folder lies. */
  public Path path(String name) {
    return name.isEmpty() ? folder : folder.resolve(name);
  }

  /** What it is on the hub, whatever happens to the branch it is of. */
  public HubAddress address(String name) {
    return new HubAddress(repository, commit, name);
  }
}
