package org.zlens.dsl.session;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * A folder that takes what a session writes, so that the files of another stay as they are. What
 * was written there hides what lies where it would have been written.
 */
final class Diversion {
  private static final int MOST_FILES = 10_000;
  private static final int DEEPEST = 32;

  private final Path folder;

  Diversion(Path folder) {
    this.folder = folder;
  }

  /** Where to write instead of to a path. */
  Path output(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    return folder.resolve(absolute.getRoot().relativize(absolute).toString());
  }

  /**
   * Where to read instead of from a path: where it was written, if it was. Of a folder that was
   * there before something was written into it, the other files are there too.
   */
  Path input(Path path) {
    Path instead = output(path);
    if (!Files.exists(instead)) {
      return path;
    }
    if (Files.isDirectory(instead) && Files.isDirectory(path)) {
      try {
        show(path.toAbsolutePath(), instead, 0, new int[1]);
      } catch (IOException | DirectoryIteratorException e) {
        throw new ZlensException(
            Kind.DATA, "cannot read the folder '" + path + "': " + e.getMessage(), null, e);
      }
    }
    return instead;
  }

  /** Links what is in one folder and not in the other; folders become folders, to be written to. */
  private static void show(Path from, Path to, int depth, int[] count) throws IOException {
    Files.createDirectories(to);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
      for (Path child : children) {
        if (++count[0] > MOST_FILES || depth > DEEPEST) {
          throw new IOException("it holds more than " + MOST_FILES + " files, or too many folders");
        }
        Path link = to.resolve(child.getFileName().toString());
        if (Files.isDirectory(child)) {
          show(child, link, depth + 1, count);
        } else if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(link, child);
        }
      }
    }
  }
}
