package org.zlens.engine.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.zlens.engine.Fixtures;

/** Files of the fixtures that are small enough to start a fuzzer from. */
final class SeedFiles {
  private static final long LARGEST = 8192;

  private SeedFiles() {}

  /** Copies the files below a folder of the SAEs' fixtures whose names end so. */
  static void copy(Path target, String folder, String suffix) throws IOException {
    Path root = Fixtures.path("saes/index.json").resolveSibling(folder);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
        if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
          String name = root.relativize(file).toString().replace('/', '-');
          Files.write(target.resolve(folder + "-" + name), Files.readAllBytes(file));
        }
      }
    }
  }
}
