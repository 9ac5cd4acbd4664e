package org.zlens.repl.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes files as the paper published its SAEs: NAME.pt, as torch.save does it, and its settings.
 */
final class PaperSaeFile {
  private static final String[] NAMES = {"W_enc", "W_dec", "b_enc", "b_dec"};

  private final int[][] shapes;
  private final byte[] some = new byte[1 << 20];

  private PaperSaeFile(int inputs, int width) {
    shapes = new int[][] {{inputs, width}, {width, inputs}, {width}, {inputs}};
    SplittableRandom random = new SplittableRandom(width);
    ByteBuffer floats = ByteBuffer.wrap(some).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      floats.putFloat((float) (random.nextDouble() - 0.5) / 10);
    }
  }

  /** Writes an SAE on the heads' outputs of a layer; returns the bytes of its weights. */
  static long write(Path folder, int layer, int inputs, int width) throws IOException {
    String stem = "gpt2-small_L" + layer + "_Hcat_z_ds" + width;
    Files.writeString(
        folder.resolve(stem + "_cfg.json"),
        String.format(
            "{\"act_name\": \"blocks.%d.attn.hook_z\", \"act_size\": %d, \"dict_size\": %d,"
                + " \"layer\": %d, \"site\": \"z\", \"head\": \"cat\", \"concat_heads\": true,"
                + " \"model_name\": \"gpt2-small\", \"seq_len\": 128}",
            layer, inputs, width, layer));
    PaperSaeFile file = new PaperSaeFile(inputs, width);
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve(stem + ".pt")))) {
      zip.setMethod(ZipOutputStream.STORED);
      byte[] index = file.index();
      file.entry(zip, "archive/data.pkl", index, index.length);
      long bytes = 0;
      for (int i = 0; i < NAMES.length; i++) {
        long size = (long) Float.BYTES * file.count(i);
        file.entry(zip, "archive/data/" + i, file.some, size);
        bytes += size;
      }
      byte[] version = "3\n".getBytes(StandardCharsets.US_ASCII);
      file.entry(zip, "archive/version", version, version.length);
      return bytes;
    }
  }

  private int count(int tensor) {
    int count = 1;
    for (int size : shapes[tensor]) {
      count *= size;
    }
    return count;
  }

  /** An entry of so many bytes, which are repeated until there are enough. */
  private void entry(ZipOutputStream zip, String name, byte[] repeated, long size)
      throws IOException {
    CRC32 crc = new CRC32();
    for (long left = size; left > 0; left -= repeated.length) {
      crc.update(repeated, 0, (int) Math.min(repeated.length, left));
    }
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    for (long left = size; left > 0; left -= repeated.length) {
      zip.write(repeated, 0, (int) Math.min(repeated.length, left));
    }
    zip.closeEntry();
  }

  /** The pickle of the dictionary: each tensor is a view of a storage that is named by a number. */
  private byte[] index() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x80, 2});
    dictionary(out);
    out.write('(');
    for (int i = 0; i < NAMES.length; i++) {
      text(out, NAMES[i]);
      ascii(out, "ctorch._utils\n_rebuild_tensor_v2\n((");
      text(out, "storage");
      ascii(out, "ctorch\nFloatStorage\n");
      text(out, Integer.toString(i));
      text(out, "cpu");
      number(out, count(i));
      ascii(out, "tQ");
      number(out, 0);
      numbers(out, shapes[i]);
      numbers(out, shapes[i].length == 1 ? new int[] {1} : new int[] {shapes[i][1], 1});
      out.write(0x89);
      dictionary(out);
      ascii(out, "tR");
    }
    ascii(out, "u.");
    return out.toByteArray();
  }

  private static void dictionary(OutputStream out) throws IOException {
    ascii(out, "ccollections\nOrderedDict\n)R");
  }

  private static void numbers(OutputStream out, int[] values) throws IOException {
    out.write('(');
    for (int value : values) {
      number(out, value);
    }
    out.write('t');
  }

  private static void number(OutputStream out, int value) throws IOException {
    out.write('J');
    little(out, value);
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write('X');
    little(out, text.length());
    ascii(out, text);
  }

  private static void little(OutputStream out, int value) throws IOException {
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
