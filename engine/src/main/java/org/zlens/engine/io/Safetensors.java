package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: eight bytes of header length, a JSON header, the data.
 *
 * <p>As the reference reader does, it refuses a header over 100 MB, tensors that overlap, holes
 * between them, and bytes after the last.
 */
public final class Safetensors extends TensorFile {
  private static final int LENGTH_BYTES = 8;
  private static final int LARGEST_HEADER = 100_000_000;

  private final Map<String, Long> offsets;
  private final long bytes;

  private Safetensors(
      Path path,
      FileChannel channel,
      Map<String, StoredTensor> tensors,
      Map<String, String> metadata,
      Map<String, Long> offsets,
      long bytes) {
    super(path, channel, tensors, metadata);
    this.offsets = offsets;
    this.bytes = bytes;
  }

  /** Where the bytes of a tensor begin in the file. */
  public long offset(String name) {
    info(name);
    return offsets.get(name);
  }

  /** Bytes of the file. */
  public long bytes() {
    return bytes;
  }

  /** Opens a file and checks its header against its length. */
  public static Safetensors open(Path path) {
    FileChannel channel = null;
    boolean opened = false;
    try {
      channel = FileChannel.open(path);
      Safetensors file = read(path, channel);
      opened = true;
      return file;
    } catch (IOException e) {
      throw DataFault.of(path, e);
    } finally {
      if (!opened) {
        Channels.closeQuietly(channel);
      }
    }
  }

  private static Safetensors read(Path path, FileChannel channel) throws IOException {
    FileSignature.refuseImpostor(path, channel);
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw DataFault.in(path, "has " + size + " bytes, a safetensors file has 8 at least");
    }
    FileBlock whole = new FileBlock(channel, 0, size);
    ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    whole.read(0, prefix);
    long length = prefix.getLong(0);
    if (length < 0 || length > LARGEST_HEADER) {
      throw DataFault.in(
          path,
          "header length " + Long.toUnsignedString(length) + " is over the limit of 100 MB",
          "this does not look like a safetensors file");
    }
    if (length > size - LENGTH_BYTES) {
      throw DataFault.in(
          path,
          "header length " + length + " exceeds the file of " + size + " bytes",
          "the file is cut short or is not a safetensors file");
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    whole.read(LENGTH_BYTES, header);
    SafetensorsHeader parsed = SafetensorsHeader.parse(path, header.array());
    long dataStart = LENGTH_BYTES + length;
    checkCovered(path, parsed.entries(), size - dataStart);
    FileBlock data = new FileBlock(channel, dataStart, size - dataStart);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, Long> offsets = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : parsed.entries()) {
      tensors.put(
          entry.info().name(),
          StoredTensor.contiguous(entry.info(), data, entry.begin(), ByteOrder.LITTLE_ENDIAN));
      offsets.put(entry.info().name(), dataStart + entry.begin());
    }
    return new Safetensors(path, channel, tensors, parsed.metadata(), offsets, size);
  }

  /** Every byte of the data belongs to exactly one tensor. */
  private static void checkCovered(
      Path path, List<SafetensorsHeader.Entry> entries, long dataBytes) {
    List<SafetensorsHeader.Entry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(SafetensorsHeader.Entry::begin)
            .thenComparingLong(SafetensorsHeader.Entry::end));
    long at = 0;
    for (SafetensorsHeader.Entry entry : sorted) {
      String name = "tensor " + DataFault.quote(entry.info().name());
      if (entry.end() > dataBytes) {
        throw DataFault.in(
            path,
            name
                + " ends at byte "
                + entry.end()
                + " of the data, which is cut short at "
                + dataBytes);
      }
      if (entry.begin() < at) {
        throw DataFault.in(path, name + " overlaps the tensor before it");
      }
      if (entry.begin() > at) {
        throw DataFault.in(path, (entry.begin() - at) + " unused bytes (a hole) before " + name);
      }
      at = entry.end();
    }
    if (at != dataBytes) {
      throw DataFault.in(path, (dataBytes - at) + " bytes after the last tensor");
    }
  }
}
