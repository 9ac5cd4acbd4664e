package org.zlens.engine.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells a content of a file from another without reading it: where it lies on the disk, its
 * size and the time of its last change. Whoever writes into a file and sets its time back is not
 * noticed.
 */
public record FileVersion(Path path, Object key, long size, FileTime changed) {
  /**
   * The version of a file as it is now.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if there is no such file
   */
  public static FileVersion of(Path path) {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return new FileVersion(path.toRealPath(), now.fileKey(), now.size(), now.lastModifiedTime());
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /**
   * Refuses a file that is not what it was.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA that names it
   */
  public void requireUnchanged() {
    if (!of(path).equals(this)) {
      throw DataFault.in(path, "has changed since it was opened", "open it again");
    }
  }
}
