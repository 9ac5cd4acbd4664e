package org.zlens.engine.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Collects tensors and writes them as one safetensors file, the same bytes for the same content.
 *
 * <p>The values are not copied: they must stay as they are until {@link #write}.
 */
public final class SafetensorsWriter {
  private static final int USUAL_ALIGNMENT = 8;
  private static final int WINDOW_ELEMENTS = 1 << 17;
  private static final JsonFactory JSON = new JsonFactory();

  private int alignment = USUAL_ALIGNMENT;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Converts the elements from {@code first} on until the window is full. */
  private interface Source {
    void fill(int first, int count, ByteBuffer window);
  }

  private record Entry(TensorInfo info, Source source) {
    long bytes() {
      return info.count() * info.type().bytes();
    }
  }

  /** The values of a tensor, which are asked for in their order when the file is written. */
  @FunctionalInterface
  public interface Values {
    /** Puts elements, row-major from the first on, into a buffer in little-endian order. */
    void put(long first, int count, ByteBuffer window);
  }

  /** Has the data begin at a multiple of some bytes, a multiple of eight. */
  public SafetensorsWriter alignedTo(int bytes) {
    alignment = bytes;
    return this;
  }

  /** Adds a text to the header. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a tensor, stored as F32. */
  public SafetensorsWriter add(String name, long[] shape, float[] values) {
    return add(name, ElementType.F32, shape, FloatBuffer.wrap(values));
  }

  /**
   * Adds a tensor.
   *
   * @param type F32 or F16; for F16 each value is rounded to the nearest, ties to even, and a
   *     finite value beyond its range of 65504 is an error at {@link #write}
   * @param values the elements in row-major order, from the buffer's position to its limit
   */
  public SafetensorsWriter add(String name, ElementType type, long[] shape, FloatBuffer values) {
    FloatBuffer source = values.slice();
    return switch (type) {
      case F32 ->
          put(
              new TensorInfo(name, type, shape),
              source.limit(),
              (first, count, window) -> {
                window.asFloatBuffer().put(source.slice(first, count));
                window.position(window.position() + count * Float.BYTES);
              });
      case F16 ->
          put(
              new TensorInfo(name, type, shape),
              source.limit(),
              (first, count, window) -> {
                for (int i = first; i < first + count; i++) {
                  window.putShort(half(name, source.get(i)));
                }
              });
      default -> throw new IllegalArgumentException("floats are not written as " + type);
    };
  }

  /**
   * Adds a tensor, stored as F32, whose values are asked for when they are written, and let go when
   * they are, so that only one such tensor at a time is in memory.
   */
  public SafetensorsWriter add(String name, long[] shape, Supplier<float[]> values) {
    TensorInfo info = new TensorInfo(name, ElementType.F32, shape);
    int all = Math.toIntExact(info.count());
    float[][] held = new float[1][];
    return put(
        info,
        all,
        (first, count, window) -> {
          if (first == 0) {
            held[0] = values.get();
          }
          window.asFloatBuffer().put(held[0], first, count);
          window.position(window.position() + count * Float.BYTES);
          if (first + count == all) {
            held[0] = null;
          }
        });
  }

  /** Adds a tensor, stored as F32, whose values are asked for a window at a time. */
  public SafetensorsWriter addWindows(String name, long[] shape, Values values) {
    TensorInfo info = new TensorInfo(name, ElementType.F32, shape);
    return put(info, Math.toIntExact(info.count()), values::put);
  }

  /** Adds a tensor of integers, stored as I64. */
  public SafetensorsWriter addLongs(String name, long[] shape, long[] values) {
    return put(
        new TensorInfo(name, ElementType.I64, shape),
        values.length,
        (first, count, window) -> {
          for (int i = first; i < first + count; i++) {
            window.putLong(values[i]);
          }
        });
  }

  /** Writes the file through a temporary one beside it, so that no reader ever sees half of it. */
  public void write(Path path) {
    AtomicFile.write(path, this::writeTo);
  }

  /** The same without waiting for the disk: after a power cut the file may be there and broken. */
  public void writeLoosely(Path path) {
    AtomicFile.writePath(
        path,
        temporary -> {
          try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            writeTo(channel);
          }
        });
  }

  private void writeTo(FileChannel channel) throws IOException {
    // Wide elements first, as the reference writer does, so that every tensor is aligned.
    List<Entry> order = new ArrayList<>(entries.values());
    order.sort(
        Comparator.comparingInt((Entry entry) -> -entry.info().type().bytes())
            .thenComparing(entry -> entry.info().name()));
    byte[] header = header(order);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeAll(channel, length.putLong(header.length).flip());
    writeAll(channel, ByteBuffer.wrap(header));
    for (Entry entry : order) {
      writeValues(channel, entry);
    }
  }

  private SafetensorsWriter put(TensorInfo info, int values, Source source) {
    if (info.count() != values) {
      throw new IllegalArgumentException(info + " from " + values + " values");
    }
    if (info.name().equals("__metadata__") || entries.containsKey(info.name())) {
      throw new IllegalArgumentException("the name '" + info.name() + "' is taken");
    }
    entries.put(info.name(), new Entry(info, source));
    return this;
  }

  private byte[] header(List<Entry> order) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> text : metadata.entrySet()) {
          json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Entry entry : order) {
        json.writeObjectFieldStart(entry.info().name());
        json.writeStringField("dtype", entry.info().type().name());
        long[] shape = entry.info().shape();
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, at + entry.bytes()}, 0, 2);
        json.writeEndObject();
        at += entry.bytes();
      }
      json.writeEndObject();
    }
    while ((Long.BYTES + bytes.size()) % alignment != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void writeValues(FileChannel channel, Entry entry) throws IOException {
    int count = (int) entry.info().count();
    int most = Math.min(count, WINDOW_ELEMENTS);
    ByteBuffer window =
        ByteBuffer.allocate(most * entry.info().type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int part = Math.min(most, count - done);
      entry.source().fill(done, part, window.clear());
      writeAll(channel, window.flip());
      done += part;
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static short half(String name, float value) {
    short half = HalfFloat.toHalf(value);
    if ((half & 0x7fff) == 0x7c00 && !Float.isInfinite(value)) {
      throw new ZlensException(
          Kind.DATA,
          "tensor '" + name + "' holds " + value + ", which is beyond the range of F16 (65504)",
          "write it as F32");
    }
    return half;
  }
}
