package org.zlens.engine.runtime;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/**
 * Element types that the engine computes with.
 *
 * <p>The list is closed on purpose: the binding below aborts the process for types that it does not
 * know, when it is asked to make or convert them. Numbers of 16 bits are made and used by kernels
 * alone; brain floats have no name in the binding, and nothing else comes without one.
 */
public enum DType {
  FLOAT32(DataType.FLOAT32, 6, 4),
  FLOAT64(DataType.FLOAT64, 7, 8),
  FLOAT16(DataType.FLOAT16, 5, 2),
  BFLOAT16(DataType.UNKNOWN, 15, 2),
  INT64(DataType.INT64, 4, 8),
  BOOL(DataType.BOOLEAN, 11, 1);

  private final DataType djl;
  private final int script;
  private final int bytes;

  DType(DataType djl, int script, int bytes) {
    this.djl = djl;
    this.script = script;
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** Its name as people write it, for example {@code bfloat16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is a float of 16 bits. */
  public boolean isNarrow() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /** The number that TorchScript has for it. */
  int script() {
    return script;
  }

  static DType of(DataType type) {
    for (DType known : values()) {
      if (known.djl == type) {
        return known;
      }
    }
    throw new IllegalStateException("no element type for " + type);
  }
}
