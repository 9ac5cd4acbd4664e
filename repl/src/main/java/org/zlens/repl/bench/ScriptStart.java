package org.zlens.repl.bench;

import java.io.IOException;

/** Time until the first result of a script with the embedded model, from nothing, warm. */
final class ScriptStart implements Benchmark {
  private static final double LIMIT = 2;
  private static final String SCRIPT =
      "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\""
          + " answer \" Ann\" over \" Bob\"; features L2 at END";

  @Override
  public String name() {
    return "script-start";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] wall = new double[RUNS];
    double[] nothing = new double[RUNS];
    Launch.of(Launch.launcher(), "-c", SCRIPT);
    for (int i = 0; i < RUNS; i++) {
      wall[i] = Launch.of(Launch.launcher(), "-c", SCRIPT).wall();
      nothing[i] = Launch.ofNothing().wall();
    }
    return new Measurement(
        name(),
        Median.of(wall),
        "s",
        Median.of(nothing),
        LIMIT,
        "time of a script of model, prompt and features with the embedded model; of a JVM that does"
            + " nothing");
  }
}
