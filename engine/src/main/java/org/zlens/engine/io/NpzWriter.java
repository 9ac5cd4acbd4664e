package org.zlens.engine.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Collects arrays and writes them as one npz file, stored and in C order, the same bytes for the
 * same content.
 *
 * <p>The values are not copied: they must stay as they are until {@link #write}.
 */
public final class NpzWriter {
  private static final int ALIGNMENT = 64;
  private static final int WINDOW_BYTES = 1 << 19;

  /** A fixed time, so that equal content gives equal files. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, byte[]> texts = new LinkedHashMap<>();

  /** Puts one element at the window's position. */
  private interface Source {
    void put(int index, ByteBuffer window);
  }

  /** Takes the bytes of an array, piece by piece. */
  private interface Sink {
    void accept(byte[] bytes, int length) throws IOException;
  }

  private record Entry(TensorInfo info, String descriptor, Source source) {}

  /** Adds an array of floats, stored as {@code <f4}. */
  public NpzWriter add(String name, long[] shape, float[] values) {
    FloatBuffer source = FloatBuffer.wrap(values);
    TensorInfo info = new TensorInfo(name, ElementType.F32, shape);
    return put(info, "<f4", values.length, (index, window) -> window.putFloat(source.get(index)));
  }

  /** Adds an array of integers, stored as {@code <i8}. */
  public NpzWriter addLongs(String name, long[] shape, long[] values) {
    TensorInfo info = new TensorInfo(name, ElementType.I64, shape);
    return put(info, "<i8", values.length, (index, window) -> window.putLong(values[index]));
  }

  /** Adds a file of text; NumPy gives the bytes of a member that is no array as they are. */
  public NpzWriter addText(String fileName, String text) {
    if (texts.putIfAbsent(fileName, text.getBytes(StandardCharsets.UTF_8)) != null) {
      throw new IllegalArgumentException("the name '" + fileName + "' is taken");
    }
    return this;
  }

  /** Writes the file through a temporary one beside it. */
  public void write(Path path) {
    AtomicFile.write(
        path,
        channel -> {
          ZipOutputStream zip =
              new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
          for (Entry entry : entries.values()) {
            write(zip, entry);
          }
          for (Map.Entry<String, byte[]> text : texts.entrySet()) {
            write(zip, text.getKey(), text.getValue());
          }
          zip.finish();
          zip.flush();
        });
  }

  private NpzWriter put(TensorInfo info, String descriptor, int values, Source source) {
    if (info.count() != values) {
      throw new IllegalArgumentException(info + " from " + values + " values");
    }
    if (entries.putIfAbsent(info.name(), new Entry(info, descriptor, source)) != null) {
      throw new IllegalArgumentException("the name '" + info.name() + "' is taken");
    }
    return this;
  }

  private static void write(ZipOutputStream zip, Entry entry) throws IOException {
    byte[] header = header(entry);
    CRC32 crc = new CRC32();
    crc.update(header);
    each(entry, (bytes, length) -> crc.update(bytes, 0, length));
    ZipEntry zipEntry = new ZipEntry(entry.info().name() + ".npy");
    zipEntry.setTimeLocal(TIME);
    zipEntry.setMethod(ZipEntry.STORED);
    zipEntry.setSize(header.length + entry.info().count() * entry.info().type().bytes());
    zipEntry.setCrc(crc.getValue());
    zip.putNextEntry(zipEntry);
    zip.write(header);
    each(entry, (bytes, length) -> zip.write(bytes, 0, length));
    zip.closeEntry();
  }

  private static void write(ZipOutputStream zip, String name, byte[] text) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(text);
    ZipEntry zipEntry = new ZipEntry(name);
    zipEntry.setTimeLocal(TIME);
    zipEntry.setMethod(ZipEntry.STORED);
    zipEntry.setSize(text.length);
    zipEntry.setCrc(crc.getValue());
    zip.putNextEntry(zipEntry);
    zip.write(text);
    zip.closeEntry();
  }

  private static void each(Entry entry, Sink sink) throws IOException {
    int count = (int) entry.info().count();
    int width = entry.info().type().bytes();
    ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (window.remaining() < width) {
        sink.accept(window.array(), window.position());
        window.clear();
      }
      entry.source().put(i, window);
    }
    sink.accept(window.array(), window.position());
  }

  private static byte[] header(Entry entry) {
    StringBuilder shape = new StringBuilder();
    long[] sizes = entry.info().shape();
    for (long size : sizes) {
      shape.append(shape.isEmpty() ? "" : ", ").append(size);
    }
    String text =
        "{'descr': '"
            + entry.descriptor()
            + "', 'fortran_order': False, 'shape': ("
            + shape
            + (sizes.length == 1 ? "," : "")
            + "), }";
    int prefix = 10;
    int padded = (prefix + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) (padded - prefix));
    bytes.put(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.remaining() > 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }
}
