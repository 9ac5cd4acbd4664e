package org.zlens.engine.io;

import java.nio.ByteBuffer;

/** The type of a tensor's elements as a file stores them, named as safetensors names them. */
public enum ElementType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  F8_E4M3(1),
  F8_E5M2(1),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating-point numbers; otherwise integers or booleans. */
  public boolean isFloat() {
    return ordinal() <= F8_E5M2.ordinal();
  }

  /** The element at a byte position of the source, in the source's byte order, as a float. */
  float floatAt(ByteBuffer source, int position) {
    return switch (this) {
      case F64 -> (float) source.getDouble(position);
      case F32 -> source.getFloat(position);
      case F16 -> HalfFloat.fromHalf(source.getShort(position));
      case BF16 -> HalfFloat.fromBrainFloat(source.getShort(position));
      case F8_E4M3 -> HalfFloat.fromE4M3(source.get(position));
      case F8_E5M2 -> HalfFloat.fromE5M2(source.get(position));
      case U64 -> unsigned(source.getLong(position));
      case I64, I32, I16, I8, U32, U16, U8, BOOL -> longAt(source, position);
    };
  }

  /** The integer or boolean at a byte position of the source; U64 as its two's complement. */
  long longAt(ByteBuffer source, int position) {
    return switch (this) {
      case I64, U64 -> source.getLong(position);
      case I32 -> source.getInt(position);
      case U32 -> source.getInt(position) & 0xffffffffL;
      case I16 -> source.getShort(position);
      case U16 -> source.getShort(position) & 0xffff;
      case I8 -> source.get(position);
      case U8 -> source.get(position) & 0xff;
      case BOOL -> source.get(position) == 0 ? 0 : 1;
      case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 ->
          throw new IllegalArgumentException(this + " is not an integer type");
    };
  }

  private static float unsigned(long value) {
    if (value >= 0) {
      return value;
    }
    // Halve with the lost bit kept sticky, so that the conversion still rounds correctly.
    return (value >>> 1 | value & 1) * 2.0f;
  }
}
