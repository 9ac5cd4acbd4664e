package org.zlens.engine.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Files of the jar laid out in a temporary folder while it is open, for readers that want a path.
 */
public final class EmbeddedFolder implements AutoCloseable {
  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  private EmbeddedFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Copies files out of the jar.
   *
   * @param from absolute class-path name of the folder, without a slash at its end
   * @param names file names in it
   */
  public static EmbeddedFolder open(String from, String... names) {
    try {
      EmbeddedFolder embedded = new EmbeddedFolder(Files.createTempDirectory("zlens-"));
      for (String name : names) {
        embedded.copy(from + "/" + name, name);
      }
      return embedded;
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA,
          "cannot unpack '" + from + "': " + e.getMessage(),
          "is the temporary folder full?",
          e);
    }
  }

  private void copy(String resource, String name) throws IOException {
    try (InputStream in = EmbeddedFolder.class.getResourceAsStream(resource)) {
      if (in == null) {
        close();
        throw new ZlensException(Kind.DATA, "this build has no '" + resource + "' inside", null);
      }
      Path file = folder.resolve(name);
      files.add(file);
      Files.copy(in, file);
    }
  }

  /** Whether this build has a file inside, by its absolute class-path name. */
  public static boolean has(String resource) {
    return EmbeddedFolder.class.getResource(resource) != null;
  }

  /** The temporary folder. */
  public Path path() {
    return folder;
  }

  @Override
  public void close() {
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // What cannot be removed stays in the system's temporary folder; nothing depends on it.
      folder.toFile().deleteOnExit();
    }
  }
}
