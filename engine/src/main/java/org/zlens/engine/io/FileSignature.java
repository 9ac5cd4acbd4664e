package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** What a file's first bytes say it is. */
enum FileSignature {
  SAFETENSORS,
  ZIP,
  ZIP_OF_ARRAYS,
  PICKLE;

  private static final int HEAD = 256;

  /** Reads the signature; an empty file and things saved in the file's place are refused. */
  static FileSignature of(Path path) {
    try (FileChannel channel = FileChannel.open(path)) {
      byte[] head = head(path, channel);
      if (head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4) {
        int nameLength = head.length < 30 ? 0 : (head[26] & 0xff) | (head[27] & 0xff) << 8;
        int end = Math.min(head.length, 30 + nameLength);
        String name = end <= 30 ? "" : new String(head, 30, end - 30, StandardCharsets.ISO_8859_1);
        return name.endsWith(".npy") ? ZIP_OF_ARRAYS : ZIP;
      }
      // A header of 640 bytes would begin like a pickle of protocol 2; the brace tells.
      boolean header = head.length > 8 && head[8] == '{' && head[4] == 0 && head[7] == 0;
      boolean pickle = head.length >= 2 && (head[0] & 0xff) == 0x80 && (head[1] & 0xff) <= 5;
      return pickle && !header ? PICKLE : SAFETENSORS;
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /** Refuses an empty file, a git-lfs pointer and a web page by their names. */
  static void refuseImpostor(Path path, FileChannel channel) throws IOException {
    head(path, channel);
  }

  private static byte[] head(Path path, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(HEAD, channel.size()));
    new FileBlock(channel, 0, channel.size()).read(0, bytes);
    if (bytes.capacity() == 0) {
      throw DataFault.in(path, "is empty", "was the download interrupted?");
    }
    String text =
        new String(bytes.array(), StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs")) {
      throw DataFault.in(
          path, "is a git-lfs pointer instead of the file", "fetch the file with 'git lfs pull'");
    }
    if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")) {
      throw DataFault.in(
          path, "is a web page saved under the file's name", "download the raw file instead");
    }
    return bytes.array();
  }
}
