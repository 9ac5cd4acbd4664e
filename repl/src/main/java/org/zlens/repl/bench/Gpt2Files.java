package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A GPT-2 of random numbers as Hugging Face stores it, written without ever being in memory.
 *
 * @param width of the stream; heads have 64 of it each
 */
record Gpt2Files(int layers, int width, int vocabulary, int context) {
  private static final int HEAD = 64;

  /** GPT-2 Small, 498 MB. */
  static Gpt2Files small() {
    return new Gpt2Files(12, 768, 50_257, 1024);
  }

  /** Bytes of the weights. */
  long bytes() {
    return tensors().values().stream().mapToLong(Gpt2Files::bytes).sum();
  }

  /** Writes {@code config.json} and {@code model.safetensors}. */
  void write(Path folder) throws IOException {
    config(folder);
    write(folder.resolve("model.safetensors"), tensors());
  }

  /** The same in parts, with an index that says what is where. */
  void writeParts(Path folder, int parts) throws IOException {
    config(folder);
    List<Map<String, int[]>> files = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      files.add(new LinkedHashMap<>());
    }
    Map<String, int[]> all = tensors();
    long each = bytes() / parts + 1;
    StringBuilder index = new StringBuilder();
    long done = 0;
    for (Map.Entry<String, int[]> tensor : all.entrySet()) {
      int part = (int) (done / each);
      files.get(part).put(tensor.getKey(), tensor.getValue());
      index
          .append(index.isEmpty() ? "" : ",")
          .append(String.format("\"%s\": \"%s\"", tensor.getKey(), name(part, parts)));
      done += bytes(tensor.getValue());
    }
    for (int part = 0; part < parts; part++) {
      write(folder.resolve(name(part, parts)), files.get(part));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + index + "}}");
  }

  private static String name(int part, int parts) {
    return String.format("model-%05d-of-%05d.safetensors", part + 1, parts);
  }

  private void config(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        String.format(
            "{\"model_type\": \"gpt2\", \"n_layer\": %d, \"n_embd\": %d, \"n_head\": %d,"
                + " \"n_positions\": %d, \"vocab_size\": %d}",
            layers, width, width / HEAD, context, vocabulary));
  }

  private static long bytes(int[] shape) {
    long bytes = Float.BYTES;
    for (int size : shape) {
      bytes *= size;
    }
    return bytes;
  }

  /** The tensors with their shapes. */
  private Map<String, int[]> tensors() {
    Map<String, int[]> all = new LinkedHashMap<>();
    all.put("wte.weight", new int[] {vocabulary, width});
    all.put("wpe.weight", new int[] {context, width});
    for (int layer = 0; layer < layers; layer++) {
      String at = "h." + layer + ".";
      all.put(at + "ln_1.weight", new int[] {width});
      all.put(at + "ln_1.bias", new int[] {width});
      all.put(at + "attn.c_attn.weight", new int[] {width, 3 * width});
      all.put(at + "attn.c_attn.bias", new int[] {3 * width});
      all.put(at + "attn.c_proj.weight", new int[] {width, width});
      all.put(at + "attn.c_proj.bias", new int[] {width});
      all.put(at + "ln_2.weight", new int[] {width});
      all.put(at + "ln_2.bias", new int[] {width});
      all.put(at + "mlp.c_fc.weight", new int[] {width, 4 * width});
      all.put(at + "mlp.c_fc.bias", new int[] {4 * width});
      all.put(at + "mlp.c_proj.weight", new int[] {4 * width, width});
      all.put(at + "mlp.c_proj.bias", new int[] {width});
    }
    all.put("ln_f.weight", new int[] {width});
    all.put("ln_f.bias", new int[] {width});
    return all;
  }

  private static void write(Path file, Map<String, int[]> tensors) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long offset = 0;
    for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
      StringBuilder shape = new StringBuilder();
      for (int size : tensor.getValue()) {
        shape.append(shape.isEmpty() ? "" : ",").append(size);
      }
      long end = offset + bytes(tensor.getValue());
      header
          .append(header.length() > 1 ? "," : "")
          .append(
              String.format(
                  "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
                  tensor.getKey(), shape, offset, end));
      offset = end;
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
