package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code explain} foretells of single experiments, sweeps and looks against what they take.
 */
final class ExplainForetold implements Benchmark {
  private static final double LIMIT = 2;

  @Override
  public String name() {
    return "explain-foretold";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    List<Measurement> all = new ArrayList<>();
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Path model = folder.resolve("small");
      RandomModel.write(RandomModel.config(768, 1024, 50_257), model);
      add(all, name(), "a random model of the size of GPT-2 Small", model.toString());
    }
    add(all, name() + "-sprig", "sprig", "sprig");
    return all;
  }

  private static void add(List<Measurement> all, String name, String what, String model)
      throws IOException, InterruptedException {
    double[] found = Probe.numbers(ForetoldProbe.class, model);
    String worst = "by what factor explain misses the ";
    String of = " of the worst of " + (int) found[2] + " commands on " + what;
    String floor = ", where less than 10 ms and 32 MB count as that much";
    all.add(new Measurement(name, found[0], "times", 1, LIMIT, worst + "time" + of + floor));
    all.add(
        new Measurement(
            name + "-memory", found[1], "times", 1, LIMIT, worst + "memory" + of + floor));
  }
}
