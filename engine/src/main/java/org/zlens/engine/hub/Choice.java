package org.zlens.engine.hub;

import java.util.List;

/**
 * What is wanted of the files of a repository.
 *
 * @param files those that are there and wanted
 * @param missing in words, what must be there and is not
 * @param wished paths of those that may be missing and do
 * @param open whether there may be more of them on the hub than were there to choose from
 */
public record Choice(List<String> files, List<String> missing, List<String> wished, boolean open) {
  /** Copies the lists. */
  public Choice {
    files = List.copyOf(files);
    missing = List.copyOf(missing);
    wished = List.copyOf(wished);
  }
}
