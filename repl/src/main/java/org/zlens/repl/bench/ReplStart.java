package org.zlens.repl.bench;

import java.io.IOException;

/** Time until the prompt stands on a terminal of its own; warm. */
final class ReplStart implements Benchmark {
  private static final double LIMIT = 0.8;

  @Override
  public String name() {
    return "repl-start";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] ready = new double[RUNS];
    double[] nothing = new double[RUNS];
    secondsToPrompt();
    for (int i = 0; i < RUNS; i++) {
      ready[i] = secondsToPrompt();
      nothing[i] = Launch.ofNothing().wall();
    }
    return new Measurement(
        name(),
        Median.of(ready),
        "s",
        Median.of(nothing),
        LIMIT,
        "time until the prompt is ready; of a JVM that does nothing");
  }

  private static double secondsToPrompt() throws IOException {
    try (TerminalSession session = TerminalSession.open()) {
      return session.age();
    }
  }
}
