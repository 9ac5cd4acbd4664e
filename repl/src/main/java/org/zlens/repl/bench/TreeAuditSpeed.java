package org.zlens.repl.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * A tree with its audit on a model of the size of GPT-2 Small with 24 SAEs: every part that the
 * tree follows is taken out of the model by itself.
 */
final class TreeAuditSpeed implements Benchmark {
  private static final double LIMIT = 10;
  private static final int THREADS = 2;

  @Override
  public String name() {
    return "rdfa-audit";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      PaperModel.write(folder);
      double[] found =
          Probe.numbers(
              AuditProbe.class,
              folder.path().toString(),
              Integer.toString(RUNS),
              Integer.toString(THREADS));
      return new Measurement(
          name(),
          found[1],
          "s",
          found[0] * (found[2] - 1),
          LIMIT,
          String.format(
              Locale.ROOT,
              "wall time of a tree with its audit after the clean run (depth 3, width 5, no"
                  + " threshold: %.0f edges between %.0f numbers, those that agree explain %.0f %%);"
                  + " a whole pass for each number that is taken out, at the seconds of the clean"
                  + " run",
              found[3],
              found[2],
              100 * found[4]));
    }
  }
}
