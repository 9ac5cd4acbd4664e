package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The dashboards of all features of all layers of the embedded model, as a user asks for them. */
final class DashboardsSprig implements Benchmark {
  private static final double LIMIT = 60;

  @Override
  public String name() {
    return "dashboards-sprig";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      String to = " to \"" + folder.resolve("pages") + "\" on sprig";
      double wall =
          Launch.of(Launch.launcher(), "-c", "model sprig; dashboard all features dead" + to)
              .wall();
      return new Measurement(
          name(),
          wall,
          "s",
          Launch.ofNothing().wall(),
          LIMIT,
          pages(folder.resolve("pages"))
              + " pages, of all features of the four attention SAEs over 65,536 tokens, from"
              + " nothing; of a JVM that does nothing");
    }
  }

  private static long pages(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".html")).count();
    }
  }
}
