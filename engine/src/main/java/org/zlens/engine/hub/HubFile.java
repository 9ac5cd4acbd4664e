package org.zlens.engine.hub;

import java.io.File;

/**
 * A file of a repository as the hub lists it.
 *
 * @param path in the repository, safe to be a path below a folder
 * @param size bytes
 */
record HubFile(String path, long size, ContentHash hash) {
  private static final int LONGEST = 1024;
  private static final int LONGEST_PART = 255;

  /** Whether a name is that of a file below a folder, wherever the folder is. */
  static boolean isSafe(String path) {
    if (path.isEmpty() || path.length() > LONGEST || path.indexOf('\\') >= 0) {
      return false;
    }
    if (path.chars().anyMatch(Character::isISOControl)
        || File.separatorChar == '\\' && path.matches(".*[<>:\"|?*].*")) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > LONGEST_PART) {
        return false;
      }
    }
    return true;
  }
}
