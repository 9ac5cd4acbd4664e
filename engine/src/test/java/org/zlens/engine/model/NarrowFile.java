package org.zlens.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.zlens.engine.io.HalfFloat;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;

/** Writes the tensors of a file as safetensors of another kind of float, byte by byte. */
final class NarrowFile {
  private NarrowFile() {}

  /** How numbers are stored. */
  enum Kind {
    F16(2),
    BF16(2),
    F32(4);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    private void put(ByteBuffer data, float value) {
      switch (this) {
        case F16 -> data.putShort(HalfFloat.toHalf(value));
        case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        case F32 -> data.putFloat(value);
      }
    }

    private float rounded(float value) {
      return switch (this) {
        case F16 -> HalfFloat.fromHalf(HalfFloat.toHalf(value));
        case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
        case F32 -> value;
      };
    }
  }

  static void write(TensorFile source, Kind kind, Path target) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long at = 0;
    for (String name : source.names()) {
      long end = at + source.info(name).count() * kind.bytes;
      header
          .append(header.length() > 1 ? "," : "")
          .append(
              String.format(
                  "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
                  name, kind, Arrays.toString(source.info(name).shape()), at, end));
      at = end;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + (int) at);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    for (String name : source.names()) {
      for (float value : source.floats(name)) {
        kind.put(bytes, value);
      }
    }
    Files.write(target, bytes.array());
  }

  /** The same numbers as the other writes, as 32-bit floats. */
  static void writeRounded(TensorFile source, Kind kind, Path target) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : source.names()) {
      float[] values = source.floats(name);
      for (int i = 0; i < values.length; i++) {
        values[i] = kind.rounded(values[i]);
      }
      writer.add(name, source.info(name).shape(), values);
    }
    writer.write(target);
  }
}
