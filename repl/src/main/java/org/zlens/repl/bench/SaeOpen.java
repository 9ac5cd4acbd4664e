package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opening twelve SAEs of the size and in the files of the paper's (2.1 GB, made here), whose
 * weights stay in the files: wall time from the start of a process until all can be used, and its
 * memory.
 */
final class SaeOpen implements Benchmark {
  private static final int LAYERS = 12;
  private static final int INPUTS = 768;
  private static final int WIDTH = 24_576;
  private static final List<Integer> TWICE_AS_WIDE = List.of(5, 7);
  private static final double MEGABYTE = 1e6;

  @Override
  public String name() {
    return "sae-open";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("zlens-bench");
    try {
      long weights = 0;
      for (int layer = 0; layer < LAYERS; layer++) {
        int width = TWICE_AS_WIDE.contains(layer) ? 2 * WIDTH : WIDTH;
        weights += PaperSaeFile.write(folder, layer, INPUTS, width);
      }
      double[] seconds = new double[RUNS];
      double[] resident = new double[RUNS];
      double[] nothing = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        double[] found = Probe.numbers(SaeOpenProbe.class, folder.toString());
        seconds[i] = found[0];
        resident[i] = found[1] / MEGABYTE;
        nothing[i] = Launch.ofNothing().wall();
      }
      return List.of(
          new Measurement(
              name(),
              Median.of(seconds),
              "s",
              Median.of(nothing),
              2,
              "wall time of a process until the twelve SAEs of a GPT-2 are open; of a JVM that does"
                  + " nothing"),
          new Measurement(
              name() + "-memory",
              Median.of(resident),
              "MB",
              weights / MEGABYTE,
              300,
              "peak resident memory of that process; the weights in the files"));
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
