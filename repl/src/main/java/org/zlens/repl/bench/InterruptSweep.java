package org.zlens.repl.bench;

import java.io.IOException;
import java.util.Arrays;
import org.zlens.engine.model.ModelConfig;

/**
 * From Ctrl-C to the prompt while a sweep over the heads of a model of GPT-2 Small's sizes runs, at
 * several moments of it; the longest.
 */
final class InterruptSweep implements Benchmark {
  private static final double LIMIT = 1;
  private static final int TIMES = 8;

  /** What follows the name of the work in a bar, and no line that is typed holds. */
  private static final String BAR = "% [";

  private static final ModelConfig CONFIG = RandomModel.config(768, 1024, 50_257);

  @Override
  public String name() {
    return "interrupt-sweep";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      RandomModel.write(CONFIG, folder.resolve("model"));
      double[] stopped = new double[TIMES];
      double[] lines = new double[TIMES];
      try (TerminalSession session = TerminalSession.open()) {
        session.type("model \"" + folder.resolve("model") + "\"\r", "50257");
        session.type("let prompts = dataset ioi n 64; 40 + 2\r", "42");
        for (int i = 0; i < TIMES; i++) {
          // The bar shows that the sweep runs; where in a layer it is stopped is left to chance.
          session.type("sweep heads at S2\r", BAR);
          Thread.sleep(137 * i);
          stopped[i] = session.interrupt();
          lines[i] = session.type("(" + i + " + 30000) * 3\r", Integer.toString(3 * (i + 30_000)));
        }
      }
      return new Measurement(
          name(),
          Arrays.stream(stopped).max().orElseThrow(),
          "s",
          Median.of(lines),
          LIMIT,
          "longest time from Ctrl-C to the prompt in a sweep of a model of GPT-2 Small's sizes; of"
              + " a command's line");
    }
  }
}
