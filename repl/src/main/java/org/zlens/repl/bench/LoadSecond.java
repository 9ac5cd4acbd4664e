package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Time to load a GPT-2 Small (a safetensors file of 498 MB, made here) with the usual weight
 * processing until every weight can be used, once libtorch runs: by a process that finds the
 * processed weights in the cache, against one that finds nothing.
 */
final class LoadSecond implements Benchmark {
  private static final double LIMIT = 1;

  @Override
  public String name() {
    return "load-second";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Gpt2Files.small().write(folder.path());
      // Files of this moment are hashed each time; those that people have are older.
      Files.setLastModifiedTime(
          folder.resolve("model.safetensors"), FileTime.from(Instant.now().minusSeconds(60)));
      Path cache = folder.resolve("cache");
      double first = LoadSecondProbe.seconds(folder.path(), cache);
      double[] second = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        second[i] = LoadSecondProbe.seconds(folder.path(), cache);
      }
      return new Measurement(
          name(),
          Median.of(second),
          "s",
          first,
          LIMIT,
          "time to load a GPT-2 Small of which processed weights are kept, until all can be used; of"
              + " the first time");
    }
  }
}
