package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What it takes to run every study of the paper on the embedded model. */
final class StudiesTime implements Benchmark {
  private static final double LIMIT_OF_ALL = 360;
  private static final double LIMIT_OF_ONE = 45;
  private static final double LIMIT_OF_MEMORY = 2048;

  @Override
  public String name() {
    return "studies";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    Path examples = Path.of(System.getProperty("zlens.home", "")).resolve("examples");
    double[] found;
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      found = Probe.numbers(StudiesProbe.class, examples.toString(), folder.path().toString());
    }
    double load = found[3];
    return List.of(
        new Measurement(
            name(), found[0], "s", load, LIMIT_OF_ALL, "all studies on sprig; of loading sprig"),
        new Measurement(
            name() + "-slowest",
            found[1],
            "s",
            load,
            LIMIT_OF_ONE,
            "the slowest of them; as above"),
        new Measurement(
            name() + "-memory",
            found[2],
            "MiB",
            LIMIT_OF_MEMORY,
            LIMIT_OF_MEMORY,
            "most memory that was resident while all studies ran in one process; the limit"));
  }
}
