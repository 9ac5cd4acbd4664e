package org.zlens.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The fixtures beside the checkout; tests that need them are skipped, with a reason, without. */
public final class Fixtures {
  private Fixtures() {}

  /** The path of a fixture, or a skipped test if {@code ../shared/fixtures} is absent. */
  public static Path path(String name) {
    Path root = root();
    assumeTrue(root != null, "no shared/fixtures folder beside the checkout: skipped " + name);
    Path path = root.resolve(name);
    if (!Files.exists(path)) {
      throw new IllegalStateException("no fixture " + path);
    }
    return path;
  }

  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve("fixtures");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
