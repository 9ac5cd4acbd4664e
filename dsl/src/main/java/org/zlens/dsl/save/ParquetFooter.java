package org.zlens.dsl.save;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;

/**
 * The footer of a Parquet file: schema and metadata, then its length, then {@code PAR1}. The writer
 * that we use has no place for metadata of one's own, so it is put in afterwards.
 */
final class ParquetFooter {
  /** What the provenance is called in the metadata. */
  static final String PROVENANCE = "zlens.provenance";

  /** What a table is beside its cells. */
  static final String HEAD = "zlens.table";

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = Integer.BYTES + MAGIC.length;

  private ParquetFooter() {}

  /** Adds texts to the metadata of a file that was just written. */
  static void put(Path path, Map<String, String> texts) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int length = read(channel, channel.size() - TAIL, TAIL).getInt();
      long start = channel.size() - TAIL - length;
      byte[] old = read(channel, start, length).array();
      FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(old));
      new TreeMap<>(texts)
          .forEach(
              (key, value) -> footer.addToKey_value_metadata(new KeyValue(key).setValue(value)));
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      Util.writeFileMetaData(footer, changed);
      ByteBuffer bytes = ByteBuffer.allocate(changed.size() + TAIL).order(ByteOrder.LITTLE_ENDIAN);
      bytes.put(changed.toByteArray()).putInt(changed.size()).put(MAGIC).flip();
      channel.truncate(start).position(start);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
  }

  private static ByteBuffer read(FileChannel channel, long start, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, start + bytes.position()) < 0) {
        throw new IOException("the file ends early");
      }
    }
    return bytes.flip();
  }
}
