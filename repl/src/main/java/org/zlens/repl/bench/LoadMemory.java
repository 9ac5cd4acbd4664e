package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Peak resident memory of loading a GPT-2 Small (a safetensors file of 498 MB, made here), with the
 * usual weight processing, against the weights.
 *
 * <p>The denominator is the weights as the loaded model holds them. That is more than the file has:
 * GPT-2 stores its embedding once, and folding the last norm makes an unembedding of its own from
 * it. Resident memory counts from the moment at which libtorch runs and the model does not exist.
 */
final class LoadMemory implements Benchmark {
  private static final int LAYERS = 12;
  private static final int WIDTH = 768;
  private static final int VOCABULARY = 50257;
  private static final int CONTEXT = 1024;
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "load-memory";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("zlens-bench");
    try {
      Files.writeString(
          folder.resolve("config.json"),
          String.format(
              "{\"model_type\": \"gpt2\", \"n_layer\": %d, \"n_embd\": %d, \"n_head\": 12,"
                  + " \"n_positions\": %d, \"vocab_size\": %d}",
              LAYERS, WIDTH, CONTEXT, VOCABULARY));
      write(folder.resolve("model.safetensors"), tensors());
      double[] peaks = new double[RUNS];
      double weights = 0;
      for (int i = 0; i < RUNS; i++) {
        LoadProbe.Memory memory = LoadProbe.launch(folder);
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
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /** The tensors of a GPT-2 as Hugging Face stores them, with their shapes. */
  private static Map<String, int[]> tensors() {
    Map<String, int[]> all = new LinkedHashMap<>();
    all.put("wte.weight", new int[] {VOCABULARY, WIDTH});
    all.put("wpe.weight", new int[] {CONTEXT, WIDTH});
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "h." + layer + ".";
      all.put(at + "ln_1.weight", new int[] {WIDTH});
      all.put(at + "ln_1.bias", new int[] {WIDTH});
      all.put(at + "attn.c_attn.weight", new int[] {WIDTH, 3 * WIDTH});
      all.put(at + "attn.c_attn.bias", new int[] {3 * WIDTH});
      all.put(at + "attn.c_proj.weight", new int[] {WIDTH, WIDTH});
      all.put(at + "attn.c_proj.bias", new int[] {WIDTH});
      all.put(at + "ln_2.weight", new int[] {WIDTH});
      all.put(at + "ln_2.bias", new int[] {WIDTH});
      all.put(at + "mlp.c_fc.weight", new int[] {WIDTH, 4 * WIDTH});
      all.put(at + "mlp.c_fc.bias", new int[] {4 * WIDTH});
      all.put(at + "mlp.c_proj.weight", new int[] {4 * WIDTH, WIDTH});
      all.put(at + "mlp.c_proj.bias", new int[] {WIDTH});
    }
    all.put("ln_f.weight", new int[] {WIDTH});
    all.put("ln_f.bias", new int[] {WIDTH});
    return all;
  }

  private static void write(Path file, Map<String, int[]> tensors) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long offset = 0;
    for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
      long bytes = 4;
      StringBuilder shape = new StringBuilder();
      for (int size : tensor.getValue()) {
        bytes *= size;
        shape.append(shape.isEmpty() ? "" : ",").append(size);
      }
      header
          .append(header.length() > 1 ? "," : "")
          .append(
              String.format(
                  "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
                  tensor.getKey(), shape, offset, offset + bytes));
      offset += bytes;
    }
    header.append("}").append(" ".repeat((8 - (header.length() + 1) % 8) % 8));
    byte[] json = header.toString().getBytes(StandardCharsets.US_ASCII);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(json.length).flip());
      out.write(ByteBuffer.wrap(json));
      ByteBuffer some = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      SplittableRandom random = new SplittableRandom(1);
      while (some.hasRemaining()) {
        some.putFloat((float) (random.nextDouble() - 0.5) / 10);
      }
      for (long left = offset; left > 0; ) {
        some.clear().limit((int) Math.min(some.capacity(), left));
        left -= out.write(some);
      }
    }
  }
}
