package org.zlens.repl.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Following a feature through a model of the size of GPT-2 Small with 12 attention and 12 residual
 * SAEs of 24,576 features (3.6 GB, made here), of a prompt of 20 tokens: wall time, and the memory
 * of the process.
 */
final class AttributionSpeed implements Benchmark {
  private static final double GIGABYTE = 1e9;

  private final String name;
  private final boolean memory;

  private AttributionSpeed(String name, boolean memory) {
    this.name = name;
    this.memory = memory;
  }

  static AttributionSpeed tree() {
    return new AttributionSpeed("rdfa", false);
  }

  static AttributionSpeed memory() {
    return new AttributionSpeed("attribution-memory", true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      PaperModel.write(folder);
      double[] found =
          Probe.numbers(
              AttributionProbe.class,
              folder.path().toString(),
              memory ? "BOTH" : "ATTENTION",
              Integer.toString(memory ? 1 : RUNS));
      if (memory) {
        double saes = 24.0 * Float.BYTES * 2 * 768 * PaperModel.WIDTH / GIGABYTE;
        return List.of(
            new Measurement(
                name,
                found[5] / GIGABYTE,
                "GB",
                saes,
                6,
                "peak resident memory of a process that has all 24 SAEs attached and follows a"
                    + " feature through those of both kinds, model and clean runs included; the"
                    + " SAEs' matrices in their files"));
      }
      String size =
          String.format(
              Locale.ROOT,
              " (depth 3, width 5, via attention, no threshold: a graph of %.0f nodes and %.0f"
                  + " edges)",
              found[3],
              found[4]);
      return List.of(
          new Measurement(
              name,
              found[2],
              "s",
              found[0],
              1.5,
              "wall time of a tree after its clean run" + size + "; that clean run"),
          new Measurement(
              name + "-first",
              found[1],
              "s",
              found[0],
              15,
              "wall time of the first tree, which reads what it needs of the SAEs from their files;"
                  + " a clean run"));
    }
  }
}
