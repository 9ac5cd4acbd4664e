package org.zlens.repl.bench;

import java.io.IOException;

/**
 * Time until a script with the embedded model has given its result, from nothing, warm.
 *
 * @param name name of the benchmark
 * @param limit seconds that it may take
 * @param script what is run
 * @param about what the script is, in the words of the measurement
 */
record FirstResult(String name, double limit, String script, String about) implements Benchmark {
  private static final String PROMPT =
      "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"";

  /** The first logits. */
  static FirstResult logits() {
    return new FirstResult(
        "logits-start",
        2.5,
        PROMPT + "; logits",
        "time of model, prompt and logits with the embedded model");
  }

  /** The first features. */
  static FirstResult features() {
    return new FirstResult(
        "script-start",
        2,
        PROMPT + " answer \" Ann\" over \" Bob\"; features L2 at END",
        "time of a script of model, prompt and features with the embedded model");
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] wall = new double[RUNS];
    double[] nothing = new double[RUNS];
    Launch.of(Launch.launcher(), "-c", script);
    for (int i = 0; i < RUNS; i++) {
      wall[i] = Launch.of(Launch.launcher(), "-c", script).wall();
      nothing[i] = Launch.ofNothing().wall();
    }
    return new Measurement(
        name,
        Median.of(wall),
        "s",
        Median.of(nothing),
        limit,
        about + "; of a JVM that does nothing");
  }
}
