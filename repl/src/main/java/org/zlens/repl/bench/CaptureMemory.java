package org.zlens.repl.bench;

import java.io.IOException;

/**
 * Peak resident memory of a process in which a model of over 3 GB in parts (made here) is opened
 * and one of its first layers captured, as a user would ask for it.
 */
final class CaptureMemory implements Benchmark {
  private static final Gpt2Files LARGE = new Gpt2Files(24, 1600, 50_257, 1024);
  private static final int PARTS = 4;
  private static final double MEGABYTE = 1e6;
  private static final double LIMIT = 1500;

  @Override
  public String name() {
    return "capture-memory";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      LARGE.writeParts(folder.path(), PARTS);
      double peak = Probe.numbers(CaptureProbe.class, folder.path().toString())[0];
      return new Measurement(
          name(),
          peak / MEGABYTE,
          "MB",
          LARGE.bytes() / MEGABYTE,
          LIMIT,
          "peak resident memory of a process that opens a model of 3 GB and captures a layer; the"
              + " weights in its files");
    }
  }
}
