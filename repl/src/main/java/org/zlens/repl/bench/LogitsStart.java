package org.zlens.repl.bench;

import java.io.IOException;

/** Time until the first logits of the embedded model, from nothing, warm. */
final class LogitsStart implements Benchmark {
  private static final double LIMIT = 2.5;
  private static final String SCRIPT =
      "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"; logits";

  @Override
  public String name() {
    return "logits-start";
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
        "time of model, prompt and logits with the embedded model; of a JVM that does nothing");
  }
}
