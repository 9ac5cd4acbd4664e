package org.zlens.repl.bench;

import java.io.IOException;
import java.util.List;

/**
 * A training step of the paper's SAEs (768 inputs, 24,576 features, 1,024 vectors) against its five
 * matrix products alone, and the most memory that a process takes to make such steps.
 */
final class SaeStep implements Benchmark {
  private static final double MEGABYTE = 1e6;

  @Override
  public String name() {
    return "sae-step";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    double[] found = Probe.numbers(SaeStepProbe.class, Integer.toString(RUNS));
    double baseline = 1000 * found[1];
    return List.of(
        new Measurement(
            name(),
            1000 * found[0],
            "ms",
            baseline,
            1.1 * baseline,
            "CPU time of a training step of an SAE; of its five matrix products alone"),
        new Measurement(
            name() + "-memory",
            found[2] / MEGABYTE,
            "MB",
            found[3] / MEGABYTE,
            1200,
            "peak resident memory of a process that trains it; its parameters and their moments"));
  }
}
