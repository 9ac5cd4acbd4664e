package org.zlens.repl.bench;

import java.io.IOException;

/** CPU time of {@code zlens -c help}, the whole process, launcher included, warm. */
final class HelpStart implements Benchmark {
  private static final double LIMIT = 0.5;

  @Override
  public String name() {
    return "help-start";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] cpu = new double[RUNS];
    double[] nothing = new double[RUNS];
    Launch.of(Launch.launcher(), "-c", "help");
    for (int i = 0; i < RUNS; i++) {
      cpu[i] = Launch.of(Launch.launcher(), "-c", "help").cpu();
      nothing[i] = Launch.ofNothing().cpu();
    }
    return new Measurement(
        name(),
        Median.of(cpu),
        "s",
        Median.of(nothing),
        LIMIT,
        "CPU time of zlens -c help; of a JVM that does nothing");
  }
}
