package org.zlens.repl.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * The memory that trees and direct attributions of a prompt of 1,024 tokens take beyond those of 20
 * tokens, on a model of the size of GPT-2 Small with 24 SAEs.
 */
final class LongPrompt implements Benchmark {
  private static final int LENGTH = 1024;
  private static final double GIGABYTE = 1e9;

  @Override
  public String name() {
    return "attribution-long";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      PaperModel.write(folder);
      double[] few = found(folder, 20);
      double[] many = found(folder, LENGTH);
      return new Measurement(
          name(),
          many[3] / GIGABYTE,
          "GB",
          few[3] / GIGABYTE,
          6,
          String.format(
              Locale.ROOT,
              "peak resident memory of a tree (depth 3, width 5) and of the direct attribution at"
                  + " every position of a prompt of 1,024 tokens, with 24 SAEs of 24,576: clean run"
                  + " %.1f s, tree %.1f s, direct %.1f s; the same of 20 tokens",
              many[0],
              many[1],
              many[2]));
    }
  }

  private static double[] found(TemporaryFolder folder, int length)
      throws IOException, InterruptedException {
    return Probe.numbers(LongPromptProbe.class, folder.path().toString(), Integer.toString(length));
  }
}
