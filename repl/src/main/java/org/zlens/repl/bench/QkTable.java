package org.zlens.repl.bench;

import java.io.IOException;
import java.util.List;

/** An attention score of one pair of positions taken apart, feature by feature on both sides. */
final class QkTable implements Benchmark {
  private static final double LIMIT = 0.5;
  private static final int THREADS = 2;

  @Override
  public String name() {
    return "qk";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      PaperModel.write(folder);
      return measured(
          Probe.numbers(
              QkProbe.class,
              folder.path().toString(),
              Integer.toString(RUNS),
              Integer.toString(THREADS)));
    }
  }

  private List<Measurement> measured(double[] found) {
    String model = "a random GPT-2 Small with 24 SAEs of 24,576, both sides, in a new clean run";
    return List.of(
        new Measurement(
            name(),
            found[0],
            "s",
            found[2],
            LIMIT,
            "QK table of L11.H3 for one pair of positions by residual features, "
                + model
                + "; what query and key see of all features, active or not, without their table"),
        new Measurement(
            name() + "-features",
            found[1],
            "s",
            found[2],
            LIMIT,
            "the same by the attention features of the eleven layers before, which are encoded"
                + " first"));
  }
}
