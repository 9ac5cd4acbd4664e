package org.zlens.engine.io;

/** Conversions between single precision and the narrow float formats of tensor files. */
public final class HalfFloat {
  private HalfFloat() {}

  /** The value of an IEEE 754 half-precision number; exact. */
  public static float fromHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      // Subnormal: fraction * 2^-24, which single precision holds exactly.
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    return Float.intBitsToFloat(sign | exponent + 112 << 23 | fraction << 13);
  }

  /** The nearest half-precision number, ties to even; too large values become infinite. */
  public static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00 | magnitude >> 13 & 0x3ff);
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Adding 0.5 leaves 2^-24 as the unit of the last place, so the addition rounds to even.
      int subnormal = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3f000000;
      return (short) (sign | subnormal);
    }
    int odd = magnitude >> 13 & 1;
    return (short) (sign | magnitude - 0x38000000 + 0xfff + odd >> 13);
  }

  /** The value of a bfloat16 number; exact. */
  public static float fromBrainFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * The value of an eight-bit float with 4 exponent bits (bias 7), which has no infinity; exact.
   */
  public static float fromE4M3(byte bits) {
    int exponent = bits >> 3 & 0xf;
    int fraction = bits & 7;
    float value;
    if (exponent == 0xf && fraction == 7) {
      value = Float.NaN;
    } else if (exponent == 0) {
      value = fraction * 0x1p-9f;
    } else {
      value = Float.intBitsToFloat(exponent + 120 << 23 | fraction << 20);
    }
    return bits < 0 ? -value : value;
  }

  /** The value of an eight-bit float with 5 exponent bits: the upper byte of a half; exact. */
  public static float fromE5M2(byte bits) {
    return fromHalf((short) (bits << 8));
  }
}
