package org.zlens.repl.bench;

import java.io.IOException;

/**
 * Peak resident memory of loading a GPT-2 Small (a safetensors file of 498 MB, made here), with the
 * usual weight processing, against the weights.
 *
 * <p>The denominator is the weights as the loaded model holds them. That is more than the file has:
 * GPT-2 stores its embedding once, and folding the last norm makes an unembedding of its own from
 * it. Resident memory counts from the moment at which libtorch runs and the model does not exist.
 */
final class LoadMemory implements Benchmark {
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "load-memory";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Gpt2Files.small().write(folder.path());
      double[] peaks = new double[RUNS];
      double weights = 0;
      for (int i = 0; i < RUNS; i++) {
        LoadProbe.Memory memory = LoadProbe.launch(folder.path());
        peaks[i] = memory.peak() / MEBIBYTE;
        weights = memory.weights() / MEBIBYTE;
      }
      return new Measurement(
          name(),
          Median.of(peaks),
          "MiB",
          weights,
          1.2 * weights,
          "peak resident memory of loading a GPT-2 Small; its weights in memory");
    }
  }
}
