package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zlens.engine.io.FolderTree;

/**
 * A folder for what a benchmark needs on the disk; closing it removes everything in it.
 *
 * @param path where it is
 */
record TemporaryFolder(Path path) implements AutoCloseable {
  static TemporaryFolder open() throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("zlens-bench"));
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    FolderTree.delete(path);
  }
}
